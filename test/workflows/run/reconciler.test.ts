import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '#db/database.ts';
import { transitionRun } from '#db/run/runs.ts';
import type { RunRow } from '#db/tables.ts';
import { runsTaskQueue } from '#domain/run/task-queues.ts';
import { captureSnapshot } from '#domain/run/run-requests.ts';
import { describeWorkflow } from '#temporal/run/workflow-state.ts';
import { initiator, type Kernel, startKernel } from '#test/support/kernel.ts';
import { readItems, readNotificationKinds, readRun, untilEnded } from '#test/support/runs.ts';
import { until } from '#test/support/until.ts';
import { addCatalogPolicy, addCustomer } from '#test/workflows/support/customer.ts';
import { ageRun, insertUndispatchedRun } from '#test/workflows/support/foreign-hand.ts';
import { graphCalls, setFaults } from '#test/workflows/support/graph-calls.ts';

/** The time of a Graph call: the run still waits when its workflow ends. */
const slowMs = 4_000;

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel();
});
afterEach(() => setFaults(kernel, []));
afterAll(() => kernel.stop());

/** One round. */
function reconcile(): Promise<unknown> {
  const workflowId = `reconcile-${randomUUID()}`;
  return kernel.client.workflow.execute('reconcileRuns', { workflowId, taskQueue: runsTaskQueue });
}

async function policyToCapture() {
  const tenantId = await addCustomer(kernel);
  const { policyId } = await addCatalogPolicy(kernel, tenantId);
  return { tenantId, work: captureSnapshot(tenantId, policyId) };
}

/** Starts a run and waits until it waits for Graph. */
async function runAtWork() {
  const { tenantId, work } = await policyToCapture();
  await setFaults(kernel, [{ match: { tenant: tenantId }, effect: { delayMs: slowMs } }]);
  const { run } = await kernel.runs.start(work, initiator);
  await until('Graph is called', async () => (await graphCalls(kernel, tenantId)).length === 1);
  return { tenantId, run, handle: kernel.client.workflow.getHandle(run.idempotency_key) };
}

async function expectEndedAs(run: RunRow, code: string): Promise<void> {
  expect(await readRun(kernel.database, run)).toMatchObject({ status: 'failed', error_code: code });
  const kinds = await readNotificationKinds(kernel.database, run);
  expect(kinds.filter((kind) => kind === 'run.failed')).toHaveLength(1);
}

describe('a run whose workflow is gone', () => {
  // Catches: rows that stay running for ever; a second report of the end by a second reconciler.
  it('fails after a termination, and its items are skipped', async () => {
    const { run, handle } = await runAtWork();
    await handle.terminate('by hand');
    await ageRun(kernel.database, run);
    await Promise.all([reconcile(), reconcile(), reconcile()]);
    await expectEndedAs(run, 'workflow_terminated');
    expect(await readItems(kernel.database, run)).toMatchObject([
      {
        outcome: 'skipped',
        error_code: 'run_failed',
        error_context: { reason: 'workflow_terminated' },
      },
    ]);
  });

  it('fails after a workflow timeout', async () => {
    const { tenantId, work } = await policyToCapture();
    await setFaults(kernel, [{ match: { tenant: tenantId }, effect: { delayMs: slowMs } }]);
    const run = await insertUndispatchedRun(kernel.database, work);
    const ended = kernel.client.workflow.execute('capturePolicySnapshot', {
      workflowId: run.idempotency_key,
      taskQueue: runsTaskQueue,
      args: [{ runId: run.id, tenantId }],
      memo: { runId: run.id },
      workflowRunTimeout: '2 seconds',
    });
    await expect(ended).rejects.toThrow();
    await ageRun(kernel.database, run);
    await reconcile();
    await expectEndedAs(run, 'workflow_timed_out');
  });

  it('fails if Temporal does not know its workflow, because its progress is unknown', async () => {
    const { work } = await policyToCapture();
    const run = await insertUndispatchedRun(kernel.database, work);
    await inTenant(kernel.database.app.db, run.tenant_id, (trx) =>
      transitionRun(trx, run.id, 'running'),
    );
    await ageRun(kernel.database, run);
    await reconcile();
    await expectEndedAs(run, 'workflow_lost');
  });
});

describe('a queued run without a workflow', () => {
  // Catches: a run left queued after the process died between commit and start; two reconcilers that start it twice.
  it('is dispatched by the reconciler and completes', async () => {
    const { tenantId, work } = await policyToCapture();
    const run = await insertUndispatchedRun(kernel.database, work);
    await ageRun(kernel.database, run);
    await Promise.all([reconcile(), reconcile(), reconcile()]);
    expect(await untilEnded(kernel.database, run)).toMatchObject({ status: 'succeeded' });
    expect(await graphCalls(kernel, tenantId)).toHaveLength(1);
  });

  // The last execution of the key belongs to an earlier run.
  it('is dispatched also after an earlier run of the same key', async () => {
    const { work } = await policyToCapture();
    const { run: earlier } = await kernel.runs.start(work, initiator);
    await untilEnded(kernel.database, earlier);
    await kernel.client.workflow.getHandle(earlier.idempotency_key).result();
    const run = await insertUndispatchedRun(kernel.database, work);
    await ageRun(kernel.database, run);
    await reconcile();
    expect(await untilEnded(kernel.database, run)).toMatchObject({ status: 'succeeded' });
  });
});

describe('a run that the reconciler leaves alone', () => {
  // Catches: a start in progress taken for a lost one.
  it('has a row that changed a moment ago', async () => {
    const { work } = await policyToCapture();
    const run = await insertUndispatchedRun(kernel.database, work);
    await reconcile();
    expect(await describeWorkflow(kernel.client, run.idempotency_key)).toBeNull();
    expect(await readRun(kernel.database, run)).toEqual(run);
  });

  it('has an open workflow', async () => {
    const { run } = await runAtWork();
    await ageRun(kernel.database, run);
    const before = await readRun(kernel.database, run);
    await reconcile();
    expect(await readRun(kernel.database, run)).toEqual(before);
  });
});

describe('a lost cancel request', () => {
  it('is repeated by the reconciler', async () => {
    const { run } = await runAtWork();
    await kernel.database.owner.db
      .updateTable('runs')
      .set({ cancel_requested_at: new Date() })
      .where('id', '=', run.id)
      .execute();
    await ageRun(kernel.database, run);
    await reconcile();
    expect(await untilEnded(kernel.database, run, 10)).toMatchObject({ status: 'canceled' });
  });
});
