import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '#db/database.ts';
import type { PolicyRow } from '#db/tables.ts';
import { policyTypes } from '#domain/policy-types/catalogue.ts';
import { inventorySync } from '#domain/run/run-requests.ts';
import { initiator, type Kernel, startKernel } from '#test/support/kernel.ts';
import { readItems, untilEnded } from '#test/support/runs.ts';
import { addCustomer, deleteObject, seed } from '#test/workflows/support/customer.ts';
import { graphCalls, setFaults } from '#test/workflows/support/graph-calls.ts';

const filtersPath = '/deviceManagement/assignmentFilters';
/** Three pages of a hundred. */
const manyFilters = 250;

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel();
});
afterEach(() => setFaults(kernel, []));
afterAll(() => kernel.stop());

function startSync(tenantId: string, types: string[] | undefined) {
  return kernel.runs.start(inventorySync(tenantId, types), initiator);
}

async function sync(tenantId: string, types?: string[]) {
  const { run } = await startSync(tenantId, types);
  return untilEnded(kernel.database, run);
}

async function addFilters(tenantId: string, number: number): Promise<string[]> {
  const ids = Array.from({ length: number }, () => randomUUID());
  const platform = 'windows10AndLater';
  await seed(
    kernel,
    tenantId,
    ids.map((id) => ({
      path: filtersPath,
      body: { id, displayName: `Filter ${id}`, platform, rule: '(device.model -eq "x")' },
    })),
  );
  return ids;
}

function readPolicies(tenantId: string): Promise<PolicyRow[]> {
  return inTenant(kernel.database.app.db, tenantId, (trx) =>
    trx.selectFrom('policies').selectAll().orderBy('graph_id').execute(),
  );
}

async function presentIds(tenantId: string): Promise<string[]> {
  return (await readPolicies(tenantId)).flatMap((row) => (row.present ? [row.graph_id] : []));
}

describe('an inventory sync', () => {
  it('has an item for every type and succeeds on an empty tenant', async () => {
    const tenantId = await addCustomer(kernel);
    const run = await sync(tenantId);
    expect(run).toMatchObject({ status: 'succeeded', total: policyTypes.length });
    const types = (await readItems(kernel.database, run)).map((item) => item.policy_type);
    expect(types).toEqual(policyTypes.map(({ type }) => type));
  });

  // Catches: a run that stops at the first forbidden type, or hides it behind a success.
  it('is partial if Graph forbids a type, and names the missing permission', async () => {
    const tenantId = await addCustomer(kernel);
    const filters = await addFilters(tenantId, 3);
    const path = '/deviceManagement/roleScopeTags';
    await setFaults(kernel, [{ match: { tenant: tenantId, path }, effect: { status: 403 } }]);
    const run = await sync(tenantId, ['scopeTag', 'assignmentFilter']);
    expect(run).toMatchObject({ status: 'partial', succeeded: 1, failed: 1, error_code: null });
    const refused = (await readItems(kernel.database, run)).find((i) => i.outcome === 'failed');
    expect(refused).toMatchObject({ policy_type: 'scopeTag', error_code: 'graph_forbidden' });
    expect(refused?.error_context).toMatchObject({ permission: 'DeviceManagementRBAC.Read.All' });
    expect(await presentIds(tenantId)).toEqual(filters.toSorted());
  });
});

describe('a listing', () => {
  // Catches: a deleted policy that stays present, a returned one that stays absent, marks on another type.
  it('marks deleted policies as absent, and returned ones as present', async () => {
    const tenantId = await addCustomer(kernel);
    const [gone = '', ...stay] = await addFilters(tenantId, 3);
    await sync(tenantId, ['assignmentFilter']);
    await deleteObject(kernel, tenantId, filtersPath, gone);
    await sync(tenantId, ['scopeTag']);
    expect(await presentIds(tenantId)).toHaveLength(3);
    await sync(tenantId, ['assignmentFilter']);
    expect(await presentIds(tenantId)).toEqual(stay.toSorted());
    await seed(kernel, tenantId, [{ path: filtersPath, body: { id: gone, displayName: 'Back' } }]);
    await sync(tenantId, ['assignmentFilter']);
    expect(await presentIds(tenantId)).toHaveLength(3);
  });

  // Catches: a cursor that is not saved or read (a second read of page 1), and a new start time at the resumption (all
  // of page 1 would become absent).
  it('continues an interrupted attempt and remembers the policies seen before', async () => {
    const tenantId = await addCustomer(kernel);
    const [gone = '', ...ids] = await addFilters(tenantId, manyFilters);
    await sync(tenantId, ['assignmentFilter']);
    await deleteObject(kernel, tenantId, filtersPath, gone);
    const before = (await graphCalls(kernel, tenantId)).length;
    const match = { tenant: tenantId, path: filtersPath };
    await setFaults(kernel, [
      { match, times: 1, effect: {} },
      { match, times: 1, effect: { status: 503, retryAfter: 1 } },
    ]);
    const run = await sync(tenantId, ['assignmentFilter']);
    expect(await readItems(kernel.database, run)).toMatchObject([{ attempts: 2 }]);
    const calls = (await graphCalls(kernel, tenantId)).slice(before);
    expect(calls.map(({ status }) => status)).toEqual([200, 503, 200, 200]);
    expect(calls[2]?.query).toBe(calls[1]?.query);
    expect(await presentIds(tenantId)).toEqual(ids.toSorted());
  });

  // Catches: an expired link taken for an answer about the tenant; a Retry-After of 0 passed to Temporal, which reads
  // it as "never".
  it('starts again after the page link of its cursor expired', async () => {
    const tenantId = await addCustomer(kernel);
    const ids = await addFilters(tenantId, manyFilters);
    const match = { tenant: tenantId, path: filtersPath };
    await setFaults(kernel, [
      { match, times: 1, effect: {} },
      { match, times: 1, effect: { status: 503, retryAfter: 0 } },
      { match, times: 1, effect: { status: 400 } },
    ]);
    const run = await sync(tenantId, ['assignmentFilter']);
    const statuses = (await graphCalls(kernel, tenantId)).map(({ status }) => status);
    expect(run.status).toBe('succeeded');
    expect(statuses).toEqual([200, 503, 400, 200, 200, 200]);
    expect(await presentIds(tenantId)).toEqual(ids.toSorted());
  });

  // Catches: absence decided by run id or by one list, so that two listings undo each other.
  it('keeps policies present that a parallel listing has seen', async () => {
    const tenantId = await addCustomer(kernel);
    const ids = await addFilters(tenantId, manyFilters);
    const slow = { match: { tenant: tenantId }, effect: { delayMs: 150 } };
    await setFaults(kernel, [slow]);
    const starts = await Promise.all([
      startSync(tenantId, ['assignmentFilter']),
      startSync(tenantId, ['assignmentFilter', 'scopeTag']),
    ]);
    expect(starts[0].run.id).not.toBe(starts[1].run.id);
    const runs = await Promise.all(starts.map(({ run }) => untilEnded(kernel.database, run)));
    expect(runs.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
    expect(await presentIds(tenantId)).toEqual(ids.toSorted());
  });
});
