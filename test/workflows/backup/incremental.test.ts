import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type Kernel, simulate, startKernel } from '#test/support/kernel.ts';
import { backUp, type Backup, callsDuring, readSnapshot } from '#test/workflows/support/backups.ts';
import { addCustomer, deleteObject, seed } from '#test/workflows/support/customer.ts';
import * as estate from '#test/workflows/support/estate.ts';

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel();
});
afterAll(() => kernel.stop());

async function customerWith(objects: readonly estate.SeedObject[]): Promise<string> {
  const tenantId = await addCustomer(kernel);
  await seed(kernel, tenantId, objects);
  return tenantId;
}

/** Changes an object as an administrator does. */
async function change(tenantId: string, object: estate.SeedObject, set: object): Promise<void> {
  const order = { path: object.path, id: object.body.id, set };
  await simulate(kernel.simulatorUrl, 'POST', `/tenants/${tenantId}/mutate`, order);
}

/** Runs a backup and returns it with the ids of the objects read one by one. */
async function backUpCounting(tenantId: string, request: { full?: boolean } = {}) {
  const { result, calls } = await callsDuring(kernel, tenantId, () =>
    backUp(kernel, tenantId, request),
  );
  const asked = calls.map(({ path }) => path).join('\n');
  const wasRead = ({ path, body }: estate.SeedObject) => asked.includes(`${path}/${body.id}`);
  return { backup: result, calls: calls.length, wasRead };
}

const hashOf = ({ manifest }: Backup) => manifest.contentHash;

/** One object of each type whose lists are detailed enough. */
function smallEstate() {
  const filter = estate.filter('A filter');
  const policies = [
    ...estate.catalogPolicies(10),
    estate.compliancePolicy('A compliance policy', { groups: 2 }),
    estate.catalogPolicy('Assigned', 'on', { groups: 3 }),
  ];
  return { filter, policies, all: [filter, ...policies, estate.scopeTag('A tag', '7')] };
}

describe('a second backup', () => {
  // Catches: incremental capture that is off, or that drops unread policies.
  it('reads only the lists of an unchanged tenant, and has the same content', async () => {
    const { all, policies } = smallEstate();
    const tenantId = await customerWith(all);
    const first = await backUpCounting(tenantId);
    expect(policies.every(first.wasRead)).toBe(true);
    const second = await backUpCounting(tenantId);
    expect(policies.filter(second.wasRead)).toEqual([]);
    expect(second.backup.run).toMatchObject({ status: 'succeeded', total: all.length });
    expect(second.backup.manifest).toEqual(first.backup.manifest);
    expect(second.backup.items.map(({ action }) => action)).toEqual(all.map(() => 'capture'));
    // Each has its own snapshot of the existing content.
    const snapshots = (backup: Backup) => backup.held.map((item) => item.snapshot_id);
    expect(new Set([...snapshots(first.backup), ...snapshots(second.backup)]).size).toBe(
      2 * all.length,
    );
    const { rows } = await sql<{ count: string }>`
      select count(*) from snapshot_contents where tenant_id = ${tenantId}`.execute(
      kernel.database.owner.db,
    );
    expect(Number(rows[0]?.count)).toBe(all.length);
  });

  // Catches: a full backup that trusts the list, and content that depends on the way of its capture.
  it('reads everything if full, and has the same content', async () => {
    const { all, policies } = smallEstate();
    const tenantId = await customerWith(all);
    await backUp(kernel, tenantId);
    const quick = await backUpCounting(tenantId);
    const full = await backUpCounting(tenantId, { full: true });
    expect(policies.every(full.wasRead)).toBe(true);
    expect(hashOf(full.backup)).toBe(hashOf(quick.backup));
  });

  // Catches: a set that depends on earlier captures: a tag read by id has another context than in a list.
  it('has the same content after captures of single policies', async () => {
    const { all } = smallEstate();
    const tenantId = await customerWith(all);
    const first = await backUp(kernel, tenantId);
    const policyIds = first.held.map((item) => item.policy_id);
    await backUp(kernel, tenantId, { policyIds });
    const quick = await backUp(kernel, tenantId);
    const full = await backUp(kernel, tenantId, { full: true });
    expect([hashOf(quick), hashOf(full)]).toEqual([hashOf(first), hashOf(first)]);
  });

  const changes: readonly [string, (object: estate.SeedObject) => object, 'catalog' | 'other'][] = [
    [
      'whose settings',
      () => ({ settings: estate.catalogPolicy('X', 'off').body['settings'] }),
      'catalog',
    ],
    ['whose name', () => ({ name: 'Renamed' }), 'catalog'],
    // A change of assignments does not change the date of a policy.
    ['whose assignments alone', () => ({ assignments: estate.assignments({}) }), 'catalog'],
    ['which has lost its assignments, which', () => ({ assignments: [] }), 'catalog'],
    ['of another type whose assignments', () => ({ assignments: [] }), 'other'],
    ['of another type whose property', () => ({ passwordRequired: false }), 'other'],
  ];

  // Catches: a mark of change without the name, the settings or the assignments.
  it.each(changes)('reads a policy %s have changed, and no other', async (_what, set, which) => {
    const { all, policies } = smallEstate();
    const tenantId = await customerWith(all);
    const before = await backUp(kernel, tenantId);
    const changed = policies.at(which === 'catalog' ? -1 : -2);
    if (changed === undefined) throw new Error('there is no such policy');
    await change(tenantId, changed, set(changed));
    const { backup, wasRead } = await backUpCounting(tenantId);
    expect(policies.filter(wasRead)).toEqual([changed]);
    expect(backup.manifest.complete).toBe(true);
    expect(hashOf(backup)).not.toBe(hashOf(before));
    const full = await backUp(kernel, tenantId, { full: true });
    expect(hashOf(full)).toBe(hashOf(backup));
    const item = backup.held.find((each) => each.graph_id === changed.body.id);
    const { document } = await readSnapshot(kernel, tenantId, item);
    const old = before.held.find((each) => each.graph_id === changed.body.id);
    expect(document).not.toBe((await readSnapshot(kernel, tenantId, old)).document);
  });

  // Catches: a deleted policy that stays in the set or makes it incomplete.
  it('leaves out deleted policies', async () => {
    const { all, policies } = smallEstate();
    const tenantId = await customerWith(all);
    await backUp(kernel, tenantId);
    const gone = policies[0]?.body.id ?? '';
    await deleteObject(kernel, tenantId, estate.paths.catalog, gone);
    const { manifest, held } = await backUp(kernel, tenantId);
    expect(manifest.complete).toBe(true);
    expect(held.map((item) => item.graph_id)).not.toContain(gone);
    expect(held).toHaveLength(all.length - 1);
  });

  // Catches: an incomplete or damaged snapshot reused for ever because the policy no longer changes.
  it.each(['complete = false', 'revision = null', 'assignments_hash = null'])(
    'reads again what its last snapshot cannot speak for: %s',
    async (flaw) => {
      const { all, policies } = smallEstate();
      const tenantId = await customerWith(all);
      const before = await backUp(kernel, tenantId);
      const flawed = policies.at(-1);
      await sql`update snapshots set ${sql.raw(flaw)}
        where tenant_id = ${tenantId} and graph_id = ${flawed?.body.id}`.execute(
        kernel.database.owner.db,
      );
      const { backup, wasRead } = await backUpCounting(tenantId);
      expect(policies.filter(wasRead)).toEqual([flawed]);
      expect(backup.manifest).toEqual(before.manifest);
    },
  );
});
