import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { executeRestore } from '#domain/run/run-requests.ts';
import { type Kernel, startKernel, testBundle } from '#test/support/kernel.ts';
import { until } from '#test/support/until.ts';
import { makeCurrent, stopped, version } from '#test/workflows/support/deployments.ts';
import { graphCalls, setFaults } from '#test/workflows/support/graph-calls.ts';
import { backedUpCustomer, deleteFirst, storedAt } from '#test/workflows/support/restorable.ts';
import { restoredBy, startOnSet, tally } from '#test/workflows/support/restores.ts';

const older = fileURLToPath(new URL('../fixtures/before-find-duplicates.ts', import.meta.url));
const policies = 24;

let kernel: Kernel;
let olderBundle: { code: string };
beforeAll(async () => {
  [kernel, olderBundle] = await Promise.all([
    startKernel({ workers: false }),
    bundleWorkflowCode({ workflowsPath: older, logger: new DefaultLogger('ERROR') }),
  ]);
}, 60_000);
afterAll(() => kernel.stop());

/** Makes a customer without its policies, and a slow Graph. */
async function customerToRestore() {
  const workers = await kernel.startWorkers();
  const customer = await backedUpCustomer(kernel, policies);
  await stopped(workers);
  await deleteFirst(kernel, customer, policies);
  const match = { tenant: customer.tenantId, method: 'POST', path: '/configurationPolicies$' };
  await setFaults(kernel, [{ match, times: 100, effect: { delayMs: 700 } }]);
  return customer;
}

/** Waits until some of the policies exist again, but not all. */
async function untilHalfDone(tenantId: string): Promise<void> {
  const isCreate = ({ method, path }: { method: string; path: string }) =>
    method === 'POST' && path.endsWith('/configurationPolicies');
  await until('some policies are made', async () => {
    const calls = await graphCalls(kernel, tenantId);
    return calls.filter(isCreate).length >= 4;
  });
}

async function expectAllRestored(
  run: Awaited<ReturnType<typeof startOnSet>>,
  tenantId: string,
): Promise<void> {
  const ended = await restoredBy(kernel, run);
  expect(tally(ended)).toEqual({ 'create succeeded': policies });
  expect(await storedAt(kernel, tenantId)).toHaveLength(policies);
}

async function markersOf(workflowId: string): Promise<number> {
  const { events } = await kernel.client.workflow.getHandle(workflowId).fetchHistory();
  const marked = (events ?? []).filter((event) => event.markerRecordedEventAttributes);
  return marked.length;
}

describe('a restore in progress during a deployment', () => {
  // Catches: a change outside `patched()`, for an open execution; replay shows it for closed histories.
  it('is finished by the newer workers', async () => {
    const { tenantId, backupSetId } = await customerToRestore();
    const before = await kernel.startWorkers(olderBundle);
    const run = await startOnSet(kernel, executeRestore(tenantId, { backupSetId }));
    await untilHalfDone(tenantId);
    await stopped(before);
    const after = await kernel.startWorkers();
    await expectAllRestored(run, tenantId);
    await stopped(after);
  }, 120_000);

  // Catches: a restore pinned to the version of its start, which waits for ever once that version is gone.
  it('is finished by the newer version of versioned workers', async () => {
    const { tenantId, backupSetId } = await customerToRestore();
    const deployment = `tenantry-${tenantId}`;
    const before = await kernel.startWorkers(testBundle(), version(deployment, 'older'));
    await makeCurrent(kernel, deployment, 'older');
    const run = await startOnSet(kernel, executeRestore(tenantId, { backupSetId }));
    await untilHalfDone(tenantId);
    const after = await kernel.startWorkers(testBundle(), version(deployment, 'newer'));
    await makeCurrent(kernel, deployment, 'newer');
    await stopped(before);
    await expectAllRestored(run, tenantId);
    expect(await markersOf(run.idempotency_key)).toBeGreaterThan(0);
    await stopped(after);
  }, 120_000);
});
