import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunRow } from '#db/tables.ts';
import { captureSnapshot } from '#domain/run/run-requests.ts';
import { initiator, type Kernel, startKernel } from '#test/support/kernel.ts';
import { readItems, readNotificationKinds, readRun, untilEnded } from '#test/support/runs.ts';
import { until } from '#test/support/until.ts';
import { addCatalogPolicy, addCustomer } from '#test/workflows/support/customer.ts';
import { failRowBehindItsWorkflow } from '#test/workflows/support/foreign-hand.ts';
import { graphCalls, setFaults } from '#test/workflows/support/graph-calls.ts';
import { attributesOf, historyOf } from '#test/workflows/support/history.ts';

/** HAMMER_SECONDS=30 or more hammers longer. */
const hammerMs = Number(process.env['HAMMER_SECONDS'] ?? 6) * 1000;
/** Temporal starts a continued execution at least a second later, so one key meets few moments. */
const keys = 4;
const startersPerKey = 3;
/** A round with fewer such moments proves too little. */
const meetingsMin = 3;

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel();
});
afterEach(() => setFaults(kernel, []));
afterAll(() => kernel.stop());

async function policyToCapture() {
  const tenantId = await addCustomer(kernel);
  const { policyId } = await addCatalogPolicy(kernel, tenantId);
  const start = () => kernel.runs.start(captureSnapshot(tenantId, policyId), initiator);
  return { tenantId, start };
}

/** Starts the same request again and again; returns the new runs. */
async function hammer(start: Awaited<ReturnType<typeof policyToCapture>>['start']) {
  const accepted: RunRow[] = [];
  const deadline = Date.now() + hammerMs;
  const one = async () => {
    while (Date.now() < deadline) {
      const { run, reused } = await start();
      if (!reused) accepted.push(run);
      await sleep(Math.random() * 8);
    }
  };
  await Promise.all(Array.from({ length: startersPerKey }, one));
  return accepted;
}

/** Counts the executions of a workflow ID by status. */
async function countByStatus(workflowId: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const query = `WorkflowId = "${workflowId}"`;
  for await (const { status } of kernel.client.workflow.list({ query })) {
    counts.set(status.name, (counts.get(status.name) ?? 0) + 1);
  }
  return counts;
}

/** Checks that every run has succeeded and did its work once. Returns the ended runs. */
async function expectAllDone(tenantId: string, accepted: readonly RunRow[]): Promise<RunRow[]> {
  const ended: RunRow[] = [];
  for (const run of accepted) {
    const row = await untilEnded(kernel.database, run);
    expect(row).toMatchObject({ status: 'succeeded', total: 1, succeeded: 1 });
    expect(await readItems(kernel.database, run)).toMatchObject([{ outcome: 'succeeded' }]);
    expect(await readNotificationKinds(kernel.database, run)).toHaveLength(3);
    ended.push(row);
  }
  // A capture of this policy is one request: the item with expanded settings and assignments.
  expect(await graphCalls(kernel, tenantId)).toHaveLength(accepted.length);
  return ended;
}

/** Counts the executions that received another run at their end; all of them ended well. */
async function meetings(runs: readonly RunRow[]): Promise<number> {
  let handedOver = 0;
  for (const { idempotency_key: workflowId, workflow_run_id: execution } of runs) {
    const handle = kernel.client.workflow.getHandle(workflowId, execution ?? undefined);
    await handle.result();
    const { status } = await handle.describe();
    expect(['COMPLETED', 'CONTINUED_AS_NEW']).toContain(status.name);
    if (status.name === 'CONTINUED_AS_NEW') handedOver += 1;
  }
  return handedOver;
}

describe('the moment between the end of a run and of its execution', () => {
  // Catches: a workflow without `continueWith`. Starts would attach to closing executions, and their runs would stay
  // queued (no reconciler runs here).
  it(
    'loses no start, however often it is met',
    async () => {
      const policies = await Promise.all(Array.from({ length: keys }, policyToCapture));
      const met = await Promise.all(
        policies.map(async ({ tenantId, start }) => {
          const accepted = await hammer(start);
          return meetings(await expectAllDone(tenantId, accepted));
        }),
      );
      expect(met.reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(meetingsMin);
    },
    hammerMs + 60_000,
  );
});

describe('an execution that receives other runs while it works', () => {
  async function handOver() {
    const { tenantId, start } = await policyToCapture();
    await setFaults(kernel, [
      { match: { tenant: tenantId }, times: 1, effect: { delayMs: 1_500 } },
    ]);
    const { run: first } = await start();
    await until('Graph is called', async () => (await graphCalls(kernel, tenantId)).length === 1);
    await failRowBehindItsWorkflow(kernel.database, first);
    const { run: second } = await start();
    return { tenantId, start, first, second };
  }

  // Catches: memo or search attributes of the old run kept; the reconciler and operators would go wrong.
  it('continues as new with the next run and its search attributes', async () => {
    const { tenantId, first, second } = await handOver();
    const ended = await untilEnded(kernel.database, second);
    expect(ended).toMatchObject({ status: 'succeeded', error_code: null });
    expect(await readRun(kernel.database, first)).toMatchObject({ status: 'failed' });
    const handle = kernel.client.workflow.getHandle(second.idempotency_key);
    await handle.result();
    const execution = await handle.describe();
    expect(execution.runId).toBe(ended.workflow_run_id);
    expect(execution.memo).toEqual({ runId: second.id });
    const attributes = new Map(
      execution.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
    );
    expect(attributes.get('TenantId')).toBe(tenantId);
    expect(attributes.get('Initiator')).toBe(initiator.id);
    const [started] = attributesOf(
      await historyOf(kernel, second),
      'workflowExecutionStartedEventAttributes',
    );
    expect(started?.continuedExecutionRunId).toBeTruthy();
  });

  // Catches: a workflow that remembers only the last or the first of several runs.
  it('works on them in the order of their starts', async () => {
    const { tenantId, start, second } = await handOver();
    await failRowBehindItsWorkflow(kernel.database, second);
    const { run: third } = await start();
    expect(await untilEnded(kernel.database, third)).toMatchObject({ status: 'succeeded' });
    const handle = kernel.client.workflow.getHandle(third.idempotency_key);
    await handle.result();
    // The second run had ended before its turn, so it caused no read.
    expect(await graphCalls(kernel, tenantId)).toHaveLength(2);
    const counts = await until('all executions are listed', async () => {
      const now = await countByStatus(third.idempotency_key);
      return now.get('CONTINUED_AS_NEW') === 2 && now;
    });
    expect(counts.get('COMPLETED')).toBe(1);
  });

  // Catches: a cancellation that also cancels the next run.
  it('does not pass its cancellation on to them', async () => {
    const { second } = await handOver();
    await kernel.client.workflow.getHandle(second.idempotency_key).cancel();
    expect(await untilEnded(kernel.database, second)).toMatchObject({ status: 'succeeded' });
  });
});
