import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '#db/database.ts';
import { findGroups, hasDirectory, listGroups } from '#db/directory/directory-groups.ts';
import { syncDirectory } from '#domain/run/run-requests.ts';
import { initiator, type Kernel, startKernel } from '#test/support/kernel.ts';
import { readItems, untilEnded } from '#test/support/runs.ts';
import { addCustomer, deleteObject, seed } from '#test/workflows/support/customer.ts';
import { graphCalls, setFaults } from '#test/workflows/support/graph-calls.ts';

const path = '/groups';
/** One more than the largest page. */
const manyGroups = 1_000;

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel();
});
afterEach(() => setFaults(kernel, []));
afterAll(() => kernel.stop());

async function sync(tenantId: string) {
  const { run } = await kernel.runs.start(syncDirectory(tenantId), initiator);
  return untilEnded(kernel.database, run);
}

async function addGroups(tenantId: string, number: number): Promise<string[]> {
  const ids = Array.from({ length: number }, () => randomUUID());
  const bodies = ids.map((id) => ({ path, body: { id, displayName: `Group ${id}` } }));
  await seed(kernel, tenantId, bodies);
  return ids;
}

function inCache<T>(tenantId: string, read: Parameters<typeof inTenant<T>>[2]): Promise<T> {
  return inTenant(kernel.database.app.db, tenantId, read);
}

async function presentIds(tenantId: string): Promise<string[]> {
  const { rows } = await inCache(tenantId, (trx) =>
    listGroups(trx, {}, { limit: 5_000, before: null }),
  );
  return rows.flatMap((row) => (row.present ? [row.group_id] : [])).sort();
}

describe('a directory sync', () => {
  // Catches: the kind of a group from the wrong property, and a rule stored for an assigned group.
  it('stores the kind and the rule of each group', async () => {
    const tenantId = await addCustomer(kernel);
    const [assigned, dynamic] = [randomUUID(), randomUUID()];
    const rule = '(user.department -eq "Sales")';
    await seed(kernel, tenantId, [
      { path, body: { id: assigned, displayName: 'Pilot \u00e9', onPremisesSyncEnabled: true } },
      {
        path,
        body: {
          ...{ id: dynamic, displayName: 'Sales', mailEnabled: true, securityEnabled: false },
          ...{ groupTypes: ['Unified', 'DynamicMembership'], membershipRule: rule },
        },
      },
    ]);
    expect(await inCache(tenantId, (trx) => hasDirectory(trx))).toBe(false);
    const run = await sync(tenantId);
    expect(run).toMatchObject({ status: 'succeeded', total: 1, succeeded: 1 });
    expect(await readItems(kernel.database, run)).toMatchObject([{ policy_type: 'group' }]);
    expect(await inCache(tenantId, (trx) => hasDirectory(trx))).toBe(true);
    const { rows } = await inCache(tenantId, (trx) =>
      listGroups(trx, {}, { limit: 10, before: null }),
    );
    expect(rows).toHaveLength(2);
    expect(rows).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          ...{ group_id: assigned, display_name: 'Pilot \u00e9', present: true },
          ...{ security_enabled: true, mail_enabled: false, on_premises: true },
          ...{ membership_type: 'assigned', membership_rule: null },
        }),
        expect.objectContaining({
          ...{ group_id: dynamic, display_name: 'Sales', present: true },
          ...{ security_enabled: false, mail_enabled: true, on_premises: false },
          ...{ membership_type: 'dynamic', membership_rule: rule },
        }),
      ]),
    );
    const known = await inCache(tenantId, (trx) =>
      findGroups(trx, [dynamic.toUpperCase(), randomUUID(), 'no id']),
    );
    expect([...known]).toEqual([[dynamic, expect.objectContaining({ displayName: 'Sales' })]]);
  });

  // Catches: a deleted group that stays present, an absent one forgotten (a mapping still shows its name), and pages
  // that are read twice after an interruption or that mark earlier groups.
  it('marks deleted groups as absent, also after an interruption between two pages', async () => {
    const tenantId = await addCustomer(kernel);
    const [gone = '', ...stay] = await addGroups(tenantId, manyGroups + 1);
    expect((await sync(tenantId)).status).toBe('succeeded');
    expect(await presentIds(tenantId)).toHaveLength(manyGroups + 1);
    await deleteObject(kernel, tenantId, path, gone);
    const before = (await graphCalls(kernel, tenantId)).length;
    const match = { tenant: tenantId, path };
    await setFaults(kernel, [
      { match, times: 1, effect: {} },
      { match, times: 1, effect: { status: 503, retryAfter: 1 } },
    ]);
    const run = await sync(tenantId);
    expect(await readItems(kernel.database, run)).toMatchObject([{ attempts: 2 }]);
    const calls = (await graphCalls(kernel, tenantId)).slice(before);
    expect(calls.map(({ status }) => status)).toEqual([200, 503, 200]);
    expect(calls[2]?.query).toBe(calls[1]?.query);
    expect(await presentIds(tenantId)).toEqual(stay.sort());
    const known = await inCache(tenantId, (trx) => findGroups(trx, [gone]));
    expect(known.get(gone)).toMatchObject({ displayName: `Group ${gone}`, present: false });
  });

  // Catches: a refused listing that counts as complete and marks groups as absent.
  it('changes no group if Graph forbids the listing, and names the missing permission', async () => {
    const tenantId = await addCustomer(kernel);
    const [id = ''] = await addGroups(tenantId, 1);
    await setFaults(kernel, [{ match: { tenant: tenantId, path }, effect: { status: 403 } }]);
    const run = await sync(tenantId);
    expect(run).toMatchObject({ status: 'failed', error_code: 'graph_forbidden' });
    expect(run.error_context).toMatchObject({ permission: 'Group.Read.All' });
    expect(await inCache(tenantId, (trx) => hasDirectory(trx))).toBe(false);
    await setFaults(kernel, []);
    await sync(tenantId);
    expect(await presentIds(tenantId)).toEqual([id]);
  });
});
