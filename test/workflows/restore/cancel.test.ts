import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunRow } from '#db/tables.ts';
import { runsTaskQueue } from '#domain/run/task-queues.ts';
import { executeRestore } from '#domain/run/run-requests.ts';
import { WriterActiveError } from '#temporal/run/admit-run.ts';
import { type Kernel, simulate, startKernel } from '#test/support/kernel.ts';
import { readRun } from '#test/support/runs.ts';
import { until } from '#test/support/until.ts';
import { targetsOf } from '#test/workflows/support/assigned-policies.ts';
import { callsDuring } from '#test/workflows/support/backups.ts';
import { ageRun } from '#test/workflows/support/foreign-hand.ts';
import { graphCalls, setFaults } from '#test/workflows/support/graph-calls.ts';
import {
  backedUpCustomer,
  type BackedUpCustomer,
  deleteFirst,
  type Stored,
  storedAt,
} from '#test/workflows/support/restorable.ts';
import {
  restore,
  type Restored,
  restoredBy,
  startOnSet,
  tally,
} from '#test/workflows/support/restores.ts';

const policies = 40;
/** The time of a create in Graph: some creates are always in flight. */
const createMs = 500;

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel();
  const unlimited = { requests: 1e6, writes: 1e6, conditionalAccess: 1e6 };
  await simulate(kernel.simulatorUrl, 'PUT', '/throttle', unlimited);
});
afterEach(() => setFaults(kernel, []));
afterAll(() => kernel.stop());

const namesOf = (stored: readonly Stored[]) => stored.map(({ body }) => body['name']).sort();

const isWrite = ({ method }: { method: string }) => method !== 'GET';

async function customerWithout(count: number): Promise<BackedUpCustomer> {
  const customer = await backedUpCustomer(kernel, count);
  await deleteFirst(kernel, customer, count);
  return customer;
}

const creates = (tenantId: string) => ({
  ...{ tenant: tenantId, method: 'POST', path: 'configurationPolicies$' },
});

/** Starts a restore and waits until some policies are created and others are in flight. */
async function restoreAtWork({ tenantId, backupSetId }: BackedUpCustomer): Promise<RunRow> {
  await setFaults(kernel, [{ match: creates(tenantId), effect: { delayMs: createMs } }]);
  const run = await startOnSet(kernel, executeRestore(tenantId, { backupSetId }));
  await until('some policies are made', async () => {
    const { succeeded } = await readRun(kernel.database, run);
    return succeeded >= policies / 8;
  });
  return run;
}

/** Checks a cancelled restore: every begun item is whole and recorded, and no other object exists. */
async function expectWhole({ tenantId }: BackedUpCustomer, canceled: Restored): Promise<number> {
  const { succeeded, skipped, failed, status } = canceled.run;
  expect([status, failed, succeeded + skipped]).toEqual(['canceled', 0, policies]);
  expect(skipped).toBeGreaterThan(0);
  expect(tally(canceled)).toEqual({
    'create succeeded': succeeded,
    'create skipped canceled': skipped,
  });
  const made = await storedAt(kernel, tenantId);
  const recorded = canceled.items.filter(({ outcome }) => outcome === 'succeeded');
  expect(made.map(({ id }) => id).sort()).toEqual(recorded.map((item) => item.graph_id).sort());
  // One request creates a policy, another assigns it.
  expect(made.filter((object) => targetsOf(object).length !== 1)).toEqual([]);
  return succeeded;
}

describe('cancelling a restore', () => {
  // Catches: a policy created but not assigned or not recorded; items begun after the request; a second restore that
  // creates the policies of the first again.
  it.each(['through the API', 'through Temporal'])(
    '%s finishes what it has begun, and another one does the rest',
    async (way) => {
      const customer = await customerWithout(policies);
      const { tenantId, backupSetId, before } = customer;
      const run = await restoreAtWork(customer);
      if (way === 'through the API') await kernel.runs.cancel(tenantId, run.id);
      else await kernel.client.workflow.getHandle(run.idempotency_key).cancel();
      const succeeded = await expectWhole(customer, await restoredBy(kernel, run));
      await setFaults(kernel, []);
      const rest = await restore(kernel, tenantId, { backupSetId });
      expect(tally(rest)).toEqual({
        'none succeeded': succeeded,
        'create succeeded': policies - succeeded,
      });
      expect(namesOf(await storedAt(kernel, tenantId))).toEqual(namesOf(before));
    },
  );

  // Catches: a restore that writes after a cancellation during its planning.
  it('while it plans leaves the tenant unwritten', async () => {
    const customer = await customerWithout(policies);
    const { tenantId, backupSetId } = customer;
    const match = { tenant: tenantId, path: 'configurationPolicies' };
    await setFaults(kernel, [{ match, effect: { delayMs: 2_000 } }]);
    const { result, calls } = await callsDuring(kernel, tenantId, async () => {
      const run = await startOnSet(kernel, executeRestore(tenantId, { backupSetId }));
      await until('it reads', async () => {
        const { status } = await readRun(kernel.database, run);
        return status === 'running';
      });
      await kernel.runs.cancel(tenantId, run.id);
      return restoredBy(kernel, run);
    });
    expect([result.run.status, result.run.succeeded]).toEqual(['canceled', 0]);
    expect(calls.filter(isWrite)).toEqual([]);
  });
});

/** Runs one round of the reconciler. */
function reconcile(): Promise<unknown> {
  const workflowId = `reconcile-${randomUUID()}`;
  return kernel.client.workflow.execute('reconcileRuns', { workflowId, taskQueue: runsTaskQueue });
}

describe('a restore whose workflow was terminated', () => {
  // Catches: a row that excludes other restores for ever; two restores in parallel; a second policy for a create in
  // flight at the termination.
  it('is closed, and the next restore creates the missing policies once', async () => {
    const customer = await customerWithout(policies);
    const { tenantId, backupSetId, before } = customer;
    const run = await restoreAtWork(customer);
    // From now on Graph does not answer, and creates the policies late.
    const late = { drop: 'late', delayMs: 3_000 } as const;
    await setFaults(kernel, [{ match: creates(tenantId), effect: late }]);
    const sent = (await graphCalls(kernel, tenantId)).filter(isWrite).length;
    await until('more are sent', async () => {
      const now = (await graphCalls(kernel, tenantId)).filter(isWrite).length;
      return now > sent + policies / 8;
    });
    await kernel.client.workflow.getHandle(run.idempotency_key).terminate('by hand');
    await setFaults(kernel, []);
    const subset = { backupSetId, allowBroadAssignments: true };
    const start = () => startOnSet(kernel, executeRestore(tenantId, subset));
    await expect(start()).rejects.toThrow(WriterActiveError);
    // An attempt in flight updates the row; then the next round closes it.
    const closed = await until('the row is closed', async () => {
      await ageRun(kernel.database, run);
      await reconcile();
      const row = await readRun(kernel.database, run);
      return row.status !== 'running' && row;
    });
    expect(closed).toMatchObject({ status: 'failed', error_code: 'workflow_terminated' });
    const rest = await restoredBy(kernel, await start());
    expect(rest.run).toMatchObject({ status: 'succeeded', succeeded: policies });
    expect(namesOf(await storedAt(kernel, tenantId))).toEqual(namesOf(before));
  });
});
