import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RunRow } from '#db/tables.ts';
import { captureSnapshot } from '#domain/run/run-requests.ts';
import { DispatchFailedError } from '#temporal/run/run-starter.ts';
import { initiator, type Kernel, startKernel } from '#test/support/kernel.ts';
import { readNotificationKinds, readRun, untilEnded } from '#test/support/runs.ts';
import { until } from '#test/support/until.ts';
import { addCatalogPolicy, addCustomer } from '#test/workflows/support/customer.ts';
import { graphCalls } from '#test/workflows/support/graph-calls.ts';
import {
  type ProxiedStarter,
  startProxiedStarter,
} from '#test/workflows/support/proxied-starter.ts';

/** The limit of a start; see src/temporal/run/dispatch-run.ts. */
const startDeadlineMs = 6_000;
/** The limit of an answer to a start, whatever Temporal does. */
const answeredWithinMs = 10_000;

let kernel: Kernel;
let starter: ProxiedStarter;
beforeAll(async () => {
  kernel = await startKernel({ workers: false });
});
beforeEach(async () => {
  starter = await startProxiedStarter(kernel);
});
afterEach(() => starter.close());
afterAll(() => kernel.stop());

async function policyToCapture() {
  const tenantId = await addCustomer(kernel);
  const { policyId } = await addCatalogPolicy(kernel, tenantId);
  return { tenantId, work: captureSnapshot(tenantId, policyId) };
}

/** Returns the row of the start. */
async function onlyRunOf(tenantId: string): Promise<RunRow> {
  const { db } = kernel.database.owner;
  return db
    .selectFrom('runs')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .executeTakeFirstOrThrow();
}

/**
 * Starts a run while Temporal's answers are held back; `then` acts on the wire as soon as the start has reached
 * Temporal.
 */
async function startWithoutAnswer(
  { work, tenantId }: Awaited<ReturnType<typeof policyToCapture>>,
  then: () => unknown,
) {
  starter.proxy.holdAnswers();
  const started = starter.runs.start(work, initiator).catch((error: unknown) => error);
  const run = await until('the row is there', async () =>
    onlyRunOf(tenantId).catch(() => undefined),
  );
  const handle = kernel.client.workflow.getHandle(run.idempotency_key);
  await until('Temporal has the workflow', () =>
    handle.describe().then(
      () => true,
      () => false,
    ),
  );
  await then();
  return { answer: await started, run, handle };
}

async function expectDispatchFailed(run: RunRow): Promise<void> {
  expect(await readRun(kernel.database, run)).toMatchObject({
    status: 'failed',
    error_code: 'dispatch_failed',
    started_at: null,
  });
  expect(await readNotificationKinds(kernel.database, run)).toEqual(['run.queued', 'run.failed']);
}

describe('a start whose answer is lost', () => {
  // Catches: a second execution for the repeated call, or an error for "already started".
  it('is repeated on another connection without a second execution', async () => {
    const policy = await policyToCapture();
    const cut = () => starter.proxy.cut({ refuseNew: false });
    const { answer, run } = await startWithoutAnswer(policy, cut);
    expect(answer).toMatchObject({ reused: false, run: { id: run.id } });
    expect(await readRun(kernel.database, run)).toMatchObject({ status: 'queued' });
  });

  // Catches: a failed call taken for a failed start although Temporal would confirm the start. No worker runs here to
  // begin the run.
  it('succeeds if Temporal confirms it afterwards', async () => {
    const policy = await policyToCapture();
    const answerTooLate = async () => {
      await sleep(startDeadlineMs + 300);
      starter.proxy.release();
    };
    const { answer, run } = await startWithoutAnswer(policy, answerTooLate);
    expect(answer).toMatchObject({ reused: false, run: { id: run.id } });
    expect(await readRun(kernel.database, run)).toMatchObject({ status: 'queued' });
  });

  // Catches: a row left queued after an unknown start; a workflow that works for a run reported as failed.
  it('fails without any answer, and stays failed when its workflow begins late', async () => {
    const policy = await policyToCapture();
    const began = Date.now();
    const cut = () => starter.proxy.cut({ refuseNew: true });
    const { answer, run, handle } = await startWithoutAnswer(policy, cut);
    expect(answer).toBeInstanceOf(DispatchFailedError);
    expect(answer).toMatchObject({ runId: run.id });
    expect(Date.now() - began).toBeLessThan(answeredWithinMs);
    await expectDispatchFailed(run);

    await kernel.startWorkers();
    await handle.result();
    await expectDispatchFailed(run);
    expect(await graphCalls(kernel, policy.tenantId)).toEqual([]);
  });

  // Catches: a run that fails, or is reported as failed, while its workflow works.
  it('succeeds without an answer if its workflow has begun', async () => {
    const policy = await policyToCapture();
    const cutWhenItHasBegun = async () => {
      await until(
        'the run has begun',
        async () => (await onlyRunOf(policy.tenantId)).started_at ?? false,
      );
      starter.proxy.cut({ refuseNew: true });
    };
    const { answer, run } = await startWithoutAnswer(policy, cutWhenItHasBegun);
    expect(answer).toMatchObject({ reused: false, run: { id: run.id, error_code: null } });
    expect(await untilEnded(kernel.database, run)).toMatchObject({ status: 'succeeded' });
  });

  it('completes if Temporal accepted it', async () => {
    const accepted = await kernel.database.owner.db
      .selectFrom('runs')
      .selectAll()
      .where('error_code', 'is', null)
      .execute();
    expect(accepted).toHaveLength(3);
    for (const run of accepted) {
      expect(await untilEnded(kernel.database, run)).toMatchObject({ status: 'succeeded' });
      expect(await graphCalls(kernel, run.tenant_id)).toHaveLength(1);
    }
  });
});
