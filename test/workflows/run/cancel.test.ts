import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunRow } from '#db/tables.ts';
import { policyTypes } from '#domain/policy-types/catalogue.ts';
import { captureSnapshot, inventorySync } from '#domain/run/run-requests.ts';
import { initiator, type Kernel, startKernel } from '#test/support/kernel.ts';
import { readItems, readNotificationKinds, readRun, untilEnded } from '#test/support/runs.ts';
import { until } from '#test/support/until.ts';
import { addCatalogPolicy, addCustomer } from '#test/workflows/support/customer.ts';
import { graphCalls, setFaults } from '#test/workflows/support/graph-calls.ts';
import {
  type ProxiedStarter,
  startProxiedStarter,
} from '#test/workflows/support/proxied-starter.ts';

/** The time of a Graph call: longer than a cancellation may take. */
const slowMs = 5_000;

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel({ workers: false });
});
afterEach(() => setFaults(kernel, []));
afterAll(() => kernel.stop());

async function customerWithPolicy() {
  const tenantId = await addCustomer(kernel);
  const { policyId } = await addCatalogPolicy(kernel, tenantId);
  return {
    tenantId,
    start: () => kernel.runs.start(captureSnapshot(tenantId, policyId), initiator),
  };
}

function slowDown(tenantId: string, delayMs = slowMs, times?: number): Promise<void> {
  const limit = times === undefined ? {} : { times };
  return setFaults(kernel, [{ match: { tenant: tenantId }, ...limit, effect: { delayMs } }]);
}

/** Waits until Graph has received a call. */
function untilCalled(tenantId: string, calls = 1) {
  return until('Graph is called', async () => (await graphCalls(kernel, tenantId)).length >= calls);
}

function untilRunning(run: RunRow) {
  return until('the run is running', async () => {
    const row = await readRun(kernel.database, run);
    return row.status === 'running' && row;
  });
}

async function expectCanceled(run: RunRow): Promise<void> {
  const ended = await untilEnded(kernel.database, run);
  expect(ended).toMatchObject({ status: 'canceled', error_code: null, skipped: 1 });
  expect(await readItems(kernel.database, run)).toMatchObject([
    { outcome: 'skipped', error_code: 'canceled' },
  ]);
  expect(await readNotificationKinds(kernel.database, run)).toEqual([
    'run.queued',
    'run.running',
    'run.canceled',
  ]);
}

describe('a cancel request before a worker takes the run', () => {
  // Catches: a request sent only to Temporal, where a run that has not begun would lose it.
  it('ends the run without a call to Graph', async () => {
    const { tenantId, start } = await customerWithPolicy();
    const { run } = await start();
    const requested = await kernel.runs.cancel(tenantId, run.id);
    expect(requested).toMatchObject({ id: run.id, status: 'queued' });
    await kernel.startWorkers();
    expect(await untilEnded(kernel.database, run)).toMatchObject({
      status: 'canceled',
      total: 0,
      error_code: null,
    });
    expect(await graphCalls(kernel, tenantId)).toEqual([]);
    expect(await readNotificationKinds(kernel.database, run)).toEqual([
      'run.queued',
      'run.canceled',
    ]);
  });
});

describe('a cancel request while the run waits for Graph', () => {
  // Catches: a cancellation that waits for Graph or leaves the row running, and a final write that is itself cancelled.
  it('ends the run, sent through the API', async () => {
    const { tenantId, start } = await customerWithPolicy();
    await slowDown(tenantId);
    const { run } = await start();
    await untilCalled(tenantId);
    await kernel.runs.cancel(tenantId, run.id);
    await expectCanceled(run);
    expect(await graphCalls(kernel, tenantId)).toHaveLength(1);
    expect(await kernel.runs.cancel(tenantId, run.id)).toBeUndefined();
  });

  // As the Web UI does. The run is canceled; its workflow has recorded that and is COMPLETED.
  it('ends the run, sent through Temporal', async () => {
    const { tenantId, start } = await customerWithPolicy();
    await slowDown(tenantId);
    const { run } = await start();
    await untilCalled(tenantId);
    const handle = kernel.client.workflow.getHandle(run.idempotency_key);
    await handle.cancel();
    await expectCanceled(run);
    await handle.result();
    expect((await handle.describe()).status.name).toBe('COMPLETED');
  });

  // Catches: items left pending, or begun after the cancellation.
  it('skips the items that have not begun', async () => {
    const tenantId = await addCustomer(kernel);
    await slowDown(tenantId);
    const { run } = await kernel.runs.start(inventorySync(tenantId, undefined), initiator);
    await untilCalled(tenantId);
    await kernel.runs.cancel(tenantId, run.id);
    const ended = await untilEnded(kernel.database, run);
    expect(ended).toMatchObject({ status: 'canceled', skipped: policyTypes.length });
    // Four types in flight, and perhaps the envelope of a batch.
    expect((await graphCalls(kernel, tenantId)).length).toBeLessThanOrEqual(5);
  });
});

describe('a late cancel request', () => {
  let late: ProxiedStarter;
  beforeAll(async () => {
    late = await startProxiedStarter(kernel);
  });
  afterAll(() => late.close());

  // Catches: a request to the key alone, which hits the next run of the key.
  it('does not reach the next run of the same key', async () => {
    const { tenantId, start } = await customerWithPolicy();
    await slowDown(tenantId, 600, 1);
    const { run: first } = await start();
    await untilRunning(first);
    late.proxy.holdRequests();
    const cancelled = late.runs.cancel(tenantId, first.id);
    expect(await untilEnded(kernel.database, first)).toMatchObject({ status: 'succeeded' });
    await slowDown(tenantId, 1_000, 1);
    const { run: second } = await start();
    await untilRunning(second);
    late.proxy.release();
    await cancelled;
    expect(await untilEnded(kernel.database, second)).toMatchObject({ status: 'succeeded' });
  });
});
