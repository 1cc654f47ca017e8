import type { RunRow } from '#db/tables.ts';
import { executeRestore, undoRestore } from '#domain/run/run-requests.ts';
import { initiator, type Kernel } from '#test/support/kernel.ts';
import { untilEnded } from '#test/support/runs.ts';
import { until } from '#test/support/until.ts';
import { graphCalls, setFaults } from '#test/workflows/support/graph-calls.ts';
import {
  type BackedUpCustomer,
  backedUpCustomer,
  change,
  deleteFirst,
} from '#test/workflows/support/restorable.ts';
import { drift, preview, restore, startOnSet } from '#test/workflows/support/restores.ts';

type RestoreRun = (kernel: Kernel) => Promise<RunRow>;

/** Graph's latency in scenarios that need time to act. */
const slowMs = 1_000;

/** A customer with two deleted policies and one changed policy. */
async function damagedCustomer(kernel: Kernel): Promise<BackedUpCustomer> {
  const customer = await backedUpCustomer(kernel, 25);
  await deleteFirst(kernel, customer, 2);
  await change(kernel, customer.tenantId, customer.before[3]!, { description: 'by hand' });
  return customer;
}

const isWrite = ({ method, path }: { readonly method: string; readonly path: string }) =>
  method !== 'GET' && !path.endsWith('$batch');

/** Previews and drift checks. */
export const previewRuns: Readonly<Record<string, RestoreRun>> = {
  happy: async (kernel) => {
    const { tenantId, backupSetId } = await damagedCustomer(kernel);
    return (await preview(kernel, tenantId, { backupSetId })).run;
  },
  drift: async (kernel) => {
    const { tenantId, backupSetId } = await damagedCustomer(kernel);
    return (await drift(kernel, tenantId, backupSetId)).run;
  },
  throttled: async (kernel) => {
    const { tenantId, backupSetId } = await damagedCustomer(kernel);
    const effect = { status: 429, retryAfter: 1 };
    await setFaults(kernel, [{ match: { tenant: tenantId }, times: 3, effect }]);
    return (await preview(kernel, tenantId, { backupSetId })).run;
  },
  partial: async (kernel) => {
    const { tenantId, backupSetId, before } = await damagedCustomer(kernel);
    const match = { tenant: tenantId, path: before[5]?.id ?? '' };
    await setFaults(kernel, [{ match, times: 1, effect: { status: 403 } }]);
    return (await preview(kernel, tenantId, { backupSetId })).run;
  },
};

/** Restores and undos. */
export const restoreRuns: Readonly<Record<string, RestoreRun>> = {
  happy: async (kernel) => {
    const { tenantId, backupSetId } = await damagedCustomer(kernel);
    return (await restore(kernel, tenantId, { backupSetId })).run;
  },
  'from-preview': async (kernel) => {
    const { tenantId, backupSetId } = await damagedCustomer(kernel);
    const { run } = await preview(kernel, tenantId, { backupSetId });
    return (await restore(kernel, tenantId, { backupSetId, previewRunId: run.id })).run;
  },
  throttled: async (kernel) => {
    const { tenantId, backupSetId } = await damagedCustomer(kernel);
    const match = { tenant: tenantId, method: 'POST' };
    await setFaults(kernel, [{ match, times: 4, effect: { status: 429, retryAfter: 1 } }]);
    return (await restore(kernel, tenantId, { backupSetId })).run;
  },
  partial: async (kernel) => {
    const { tenantId, backupSetId } = await damagedCustomer(kernel);
    const match = { tenant: tenantId, method: 'PUT' };
    await setFaults(kernel, [{ match, times: 1, effect: { status: 403 } }]);
    return (await restore(kernel, tenantId, { backupSetId })).run;
  },
  cancelled: async (kernel) => {
    const customer = await backedUpCustomer(kernel, 12);
    const { tenantId, backupSetId } = customer;
    await deleteFirst(kernel, customer, 12);
    const match = { tenant: tenantId, method: 'POST' };
    await setFaults(kernel, [{ match, times: 100, effect: { delayMs: slowMs } }]);
    const run = await startOnSet(kernel, executeRestore(tenantId, { backupSetId }));
    await until('something is written', async () =>
      (await graphCalls(kernel, tenantId)).some(isWrite),
    );
    await kernel.runs.cancel(tenantId, run.id);
    return untilEnded(kernel.database, run);
  },
  undone: async (kernel) => {
    const { tenantId, backupSetId } = await damagedCustomer(kernel);
    const { run } = await restore(kernel, tenantId, { backupSetId });
    const undoing = await kernel.runs.start(undoRestore(tenantId, run.id, true), initiator);
    return untilEnded(kernel.database, undoing.run);
  },
};
