import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { captureSnapshot } from '#domain/run/run-requests.ts';
import { initiator, type Kernel, startKernel } from '#test/support/kernel.ts';
import { readItems, readNotificationKinds, untilEnded } from '#test/support/runs.ts';
import { until } from '#test/support/until.ts';
import { addCatalogPolicy, addCustomer } from '#test/workflows/support/customer.ts';
import { graphCalls, setFaults } from '#test/workflows/support/graph-calls.ts';

/** Longer than the grace time of activities in a stopping worker (5 s). */
const slowMs = 7_000;

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel({ workers: false });
});
afterEach(() => setFaults(kernel, []));
afterAll(() => kernel.stop());

describe('a worker that stops while it waits for Graph', () => {
  // Catches: the cancellation of a shutdown taken for one of the run, or for a failure of the item.
  it('leaves its activity to another worker', async () => {
    const tenantId = await addCustomer(kernel);
    const { policyId } = await addCatalogPolicy(kernel, tenantId);
    await setFaults(kernel, [
      { match: { tenant: tenantId }, times: 1, effect: { delayMs: slowMs } },
    ]);
    const stopping = await kernel.startWorkers();
    const { run } = await kernel.runs.start(captureSnapshot(tenantId, policyId), initiator);
    await until('Graph is called', async () => (await graphCalls(kernel, tenantId)).length === 1);
    for (const worker of stopping) worker.shutdown();
    await kernel.startWorkers();
    expect(await untilEnded(kernel.database, run)).toMatchObject({ status: 'succeeded' });
    expect(await readItems(kernel.database, run)).toMatchObject([
      { outcome: 'succeeded', attempts: 2 },
    ]);
    expect(await readNotificationKinds(kernel.database, run)).toHaveLength(3);
  });
});
