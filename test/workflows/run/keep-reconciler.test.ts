import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ScheduleNotFoundError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Worker } from '@temporalio/worker';
import { captureSnapshot } from '#domain/run/run-requests.ts';
import { reconcilerId } from '#domain/run/reconciler.ts';
import { keepReconciler } from '#temporal/run/keep-reconciler.ts';
import { describeWorkflow } from '#temporal/run/workflow-state.ts';
import { ensureSchedule } from '#temporal/schedule/ensure-schedule.ts';
import { type Kernel, silentLog, startKernel, testBundle } from '#test/support/kernel.ts';
import { untilEnded } from '#test/support/runs.ts';
import { until } from '#test/support/until.ts';
import { addCatalogPolicy, addCustomer } from '#test/workflows/support/customer.ts';
import { makeCurrent, stopped, version } from '#test/workflows/support/deployments.ts';
import { ageRun, insertUndispatchedRun } from '#test/workflows/support/foreign-hand.ts';
import { shortHistories, startRounds } from '#test/workflows/support/reconciler-rounds.ts';

const intervalMs = 1_000;
const hourMs = 3_600_000;
const nothing = { closed: 0, dispatched: 0 };

let kernel: Kernel;
let workers: Worker[];
let timers: NodeJS.Timeout[] = [];
beforeAll(async () => {
  kernel = await startKernel({ workers: false, temporalConfig: shortHistories });
  workers = await kernel.startWorkers();
});
afterEach(() => {
  for (const timer of timers) clearInterval(timer);
  timers = [];
});
afterAll(() => kernel.stop());

/** What a worker does when it starts. */
async function keep(everyMs = intervalMs): Promise<void> {
  timers.push(await keepReconciler(kernel.client, everyMs, silentLog));
}

/** Waits until the reconciler has started a run that only a round can start. A busy machine needs some seconds. */
async function expectRoundSoon(): Promise<void> {
  const tenantId = await addCustomer(kernel);
  const { policyId } = await addCatalogPolicy(kernel, tenantId);
  const run = await insertUndispatchedRun(kernel.database, captureSnapshot(tenantId, policyId));
  await ageRun(kernel.database, run);
  expect(await untilEnded(kernel.database, run, 30)).toMatchObject({ status: 'succeeded' });
}

async function openExecution(): Promise<string | undefined> {
  const state = await describeWorkflow(kernel.client, reconcilerId);
  return state?.status === 'RUNNING' ? state.workflowRunId : undefined;
}

/** The Schedule that workers of earlier versions make when they start. */
async function startOldWorker(): Promise<void> {
  await ensureSchedule(kernel.client, {
    scheduleId: 'reconcile-runs',
    workflowType: 'reconcileRuns',
    everyMs: hourMs,
    catchUpMs: 60_000,
    runTimeoutMs: 60_000,
    summary: 'Compares active runs with their workflows',
  });
}

function isScheduleGone(): Promise<boolean> {
  const described = kernel.client.schedule.getHandle('reconcile-runs').describe();
  return described.then(
    () => false,
    (error: unknown) => error instanceof ScheduleNotFoundError,
  );
}

describe('the reconciler of a namespace', () => {
  it('starts lost runs round after round while several workers keep it', async () => {
    await Promise.all([keep(), keep(), keep()]);
    await expectRoundSoon();
    await expectRoundSoon();
  });

  // Catches: a Terminate in the Web UI that stops reconciling until the next start of a worker.
  it('comes back within an interval after an operator terminated or cancelled it', async () => {
    await keep();
    for (const end of ['terminate', 'cancel'] as const) {
      const before = await openExecution();
      await kernel.client.workflow.getHandle(reconcilerId)[end]();
      await until('another execution is open', async () => {
        const now = await openExecution();
        return now !== undefined && now !== before;
      });
    }
    await expectRoundSoon();
  });

  it('goes on with the next worker after a restart of the only one', async () => {
    await keep();
    await stopped(workers);
    workers = await kernel.startWorkers();
    await expectRoundSoon();
  });

  // Catches: a reconciler that rests for the former interval, an hour, before it learns of the new one.
  it('uses the interval of the worker that started last, at once', async () => {
    await keep(hourMs);
    await keep();
    await expectRoundSoon();
    await expectRoundSoon();
  });

  // Catches: two reconcilers for ever, because an old worker started last during a deployment.
  it('removes the Schedule of earlier versions, also when an old worker makes it again', async () => {
    await startOldWorker();
    await keep();
    await until('the schedule is gone', isScheduleGone);
    await startOldWorker();
    await until('the schedule is gone again', isScheduleGone);
  });

  // Catches: a worker that removes the Schedule while no worker can run the new workflow yet.
  it('leaves the Schedule of earlier versions alone until it has played a round', async () => {
    await kernel.client.workflow.getHandle(reconcilerId).terminate();
    await stopped(workers);
    await startOldWorker();
    await keep();
    expect(await isScheduleGone()).toBe(false);
    workers = await kernel.startWorkers();
    await until('the schedule is gone', isScheduleGone);
  });

  // Catches: a reconciler pinned to the version of its start, which waits for ever once that version is gone.
  it('moves on to the newer version of the workers', async () => {
    await kernel.client.workflow.getHandle(reconcilerId).terminate();
    await stopped(workers);
    const older = await kernel.startWorkers(testBundle(), version('tenantry', 'older'));
    await makeCurrent(kernel, 'tenantry', 'older');
    await keep();
    await expectRoundSoon();
    workers = await kernel.startWorkers(testBundle(), version('tenantry', 'newer'));
    await makeCurrent(kernel, 'tenantry', 'newer');
    await stopped(older);
    await expectRoundSoon();
  });
});

describe('the rounds of the reconciler', () => {
  // Catches: a failed round that ends the loop.
  it('go on after a round with a permanent failure', async () => {
    let rounds = 0;
    const { handle, stop } = await startRounds(kernel, { intervalMs: 50 }, async () => {
      rounds += 1;
      if (rounds === 2) throw ApplicationFailure.nonRetryable('a bug', 'internal_error');
      return nothing;
    });
    await until('a round comes after the failure', async () => rounds > 2);
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await handle.terminate();
    await stop();
  });

  // Catches: executions that fill the list of the Web UI, or a history that grows until the server ends it. The server
  // suggests to continue as new after 4,096 events.
  it('make at most two dozen executions a day at 20 s, each a chain of hundreds of rounds', async () => {
    let rounds = 0;
    const { handle, stop } = await startRounds(kernel, { intervalMs: 50 }, async () => {
      rounds += 1;
      return nothing;
    });
    await until('it has continued as new', async () => {
      const { runId } = await kernel.client.workflow.getHandle(handle.workflowId).describe();
      return runId !== handle.firstExecutionRunId;
    });
    const first = kernel.client.workflow.getHandle(handle.workflowId, handle.firstExecutionRunId);
    const { events = [] } = await first.fetchHistory();
    const played = events?.filter((event) => event.activityTaskCompletedEventAttributes) ?? [];
    const roundsOfExecution = (4_096 / (events?.length ?? 0)) * played.length;
    expect(86_400 / 20 / roundsOfExecution).toBeLessThan(24);
    const before = rounds;
    await until('the next execution plays rounds', async () => rounds > before + 2);
    await kernel.client.workflow.getHandle(handle.workflowId).terminate();
    await stop();
  });
});
