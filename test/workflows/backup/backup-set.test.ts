import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { policyTypes } from '#domain/policy-types/catalogue.ts';
import { startBackup } from '#test/support/backups.ts';
import { generateTenant } from '#test/support/generated-tenant.ts';
import { type Kernel, simulate, startKernel } from '#test/support/kernel.ts';
import {
  addToSet,
  type Backup,
  backUp,
  backupOf,
  callsDuring,
  inventory,
  ofType,
  readSnapshot,
} from '#test/workflows/support/backups.ts';
import { addCustomer, seed } from '#test/workflows/support/customer.ts';
import * as estate from '#test/workflows/support/estate.ts';
import { countTenant } from '#tools/count-tenant.ts';

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel();
  const unlimited = { requests: 1e6, writes: 1e6, conditionalAccess: 1e6 };
  await simulate(kernel.simulatorUrl, 'PUT', '/throttle', unlimited);
});
afterAll(() => kernel.stop());

async function customerWith(objects: readonly { path: string; body: object }[]): Promise<string> {
  const tenantId = await addCustomer(kernel);
  await seed(kernel, tenantId, objects);
  return tenantId;
}

describe('a backup of everything', () => {
  // Catches: an unlisted type, a lost page, a dropped or doubled item.
  it('holds every policy of every type, by an independent count', async () => {
    const tenantId = await customerWith(generateTenant({ policies: 200, seed: 7 }));
    const { run, manifest, items, held } = await backUp(kernel, tenantId);
    expect(run).toMatchObject({ status: 'succeeded', failed: 0, skipped: 0 });
    expect(manifest.complete).toBe(true);
    const collections = [...new Set(policyTypes.map(({ collection }) => collection))];
    const counted = await countTenant(kernel.simulatorUrl, tenantId, collections);
    const types = new Map(policyTypes.map((type) => [type.type, type]));
    const backedUp = new Map<string, number>();
    for (const { type, listed, captured, builtIn } of manifest.types) {
      expect([type, captured]).toEqual([type, listed]);
      const collection = types.get(type)?.collection ?? '';
      backedUp.set(collection, (backedUp.get(collection) ?? 0) + captured + builtIn);
    }
    expect(Object.fromEntries(backedUp)).toEqual(Object.fromEntries(counted));
    const captured = manifest.types.reduce((sum, one) => sum + one.captured, 0);
    expect([items.length, held.length, run.total]).toEqual([captured, captured, captured]);
    expect(captured).toBeGreaterThanOrEqual(200);
    expect(new Set(held.map(({ policy_id: id }) => id)).size).toBe(captured);
  });

  // Catches: a manifest with unrequested types, or a failure for an empty tenant.
  it('is complete for an empty tenant', async () => {
    const { run, manifest, held } = await backUp(kernel, await addCustomer(kernel));
    expect(run).toMatchObject({ status: 'succeeded', total: 0 });
    expect(manifest).toMatchObject({ complete: true });
    expect(manifest.types).toHaveLength(policyTypes.length);
    expect(held).toEqual([]);
  });

  // Catches: a second set for the same active backup.
  it('is joined by a second start while it runs', async () => {
    const tenantId = await customerWith(estate.catalogPolicies(3));
    const first = await startBackup(kernel, tenantId);
    const second = await startBackup(kernel, tenantId);
    expect(second).toMatchObject({ reused: true, backupSetId: first.backupSetId });
    await backupOf(kernel, first.run);
    const rows = await kernel.database.owner.db
      .selectFrom('backup_sets')
      .select('id')
      .where('tenant_id', '=', tenantId)
      .execute();
    expect(rows).toEqual([{ id: first.backupSetId }]);
  });
});

describe('a backup of chosen types', () => {
  // Catches: a listing of unrequested types, and a manifest that mentions them.
  it('reads these types and no other', async () => {
    const tenantId = await customerWith([
      estate.filter('A filter'),
      estate.scopeTag('A tag', '7'),
      ...estate.catalogPolicies(2),
    ]);
    const types = ['assignmentFilter', 'scopeTag'];
    const { result, calls } = await callsDuring(kernel, tenantId, () =>
      backUp(kernel, tenantId, { types }),
    );
    expect(result.manifest).toMatchObject({ complete: true });
    expect(result.manifest.types).toEqual([
      expect.objectContaining({ type: 'assignmentFilter', listed: 1, captured: 1, builtIn: 0 }),
      expect.objectContaining({ type: 'scopeTag', listed: 1, captured: 1, builtIn: 1 }),
    ]);
    const asked = calls.map(({ path }) => path);
    expect(asked.filter((path) => !/assignmentFilters|roleScopeTags/.test(path))).toEqual([]);
  });

  // Catches: assignments read in any case, or stored as "none" without a read.
  it('omits assignments if not requested', async () => {
    const tenantId = await customerWith([estate.catalogPolicy('P', 'on', { groups: 2 })]);
    const request = { types: ['settingsCatalogPolicy'], includeAssignments: false };
    const { result, calls } = await callsDuring(kernel, tenantId, () =>
      backUp(kernel, tenantId, request),
    );
    expect(result.manifest.complete).toBe(true);
    const { content } = await readSnapshot(kernel, tenantId, result.held[0]);
    expect(content).toMatchObject({ assignments: null });
    expect(content.children['settings']).toHaveLength(2);
    expect(calls.filter(({ path, query }) => `${path}${query}`.includes('assignments'))).toEqual(
      [],
    );
    // The next backup with assignments must not take this snapshot for the whole policy.
    const next = await backUp(kernel, tenantId, { types: ['settingsCatalogPolicy'] });
    const read = await readSnapshot(kernel, tenantId, next.held[0]);
    expect(read.content.assignments).toHaveLength(2);
  });
});

describe('a backup of chosen policies', () => {
  const policyIdOf = async (tenantId: string, graphId: string) => {
    const policies = await inventory(kernel, tenantId);
    return policies.find((policy) => policy.graph_id === graphId)?.id ?? '';
  };

  async function knownCustomer(objects: readonly estate.SeedObject[]) {
    const tenantId = await customerWith(objects);
    await backUp(kernel, tenantId, { name: 'The first' });
    const idOf = (object: estate.SeedObject) => policyIdOf(tenantId, object.body.id);
    return { tenantId, idOf };
  }

  const namesIn = (backup: Backup) => backup.held.map((item) => item.display_name).sort();

  // Catches: unrequested foundations, or references followed in only one of their places.
  it('captures referenced foundations only if requested', async () => {
    const filter = estate.filter('A filter');
    const template = estate.notificationTemplate('A template');
    const pointers = { filterId: filter.body.id, templateId: template.body.id, tagIds: ['0', '7'] };
    const policy = estate.compliancePolicy('A policy', pointers);
    const other = estate.catalogPolicy('Another');
    const { tenantId, idOf } = await knownCustomer([
      ...[filter, template, policy, other, estate.scopeTag('A tag', '7')],
    ]);
    const policyIds = [await idOf(policy)];
    const alone = await backUp(kernel, tenantId, { policyIds });
    expect(namesIn(alone)).toEqual(['A policy']);
    expect(alone.manifest).toMatchObject({ complete: true });
    const whole = await backUp(kernel, tenantId, { policyIds, includeFoundations: true });
    expect(namesIn(whole)).toEqual(['A filter', 'A policy', 'A tag', 'A template']);
    expect(whole.manifest.complete).toBe(true);
    expect(ofType(whole, 'compliancePolicy')).toEqual({ listed: 1, captured: 1 });
    expect(whole.items.flatMap(({ warnings }) => warnings)).toEqual([]);
  });

  // Catches: references followed only from captured policies: an unchanged policy is in the set without a capture.
  it('follows chains of references, also through unchanged policies', async () => {
    const reusable = estate.reusableSetting('A group of settings');
    const policy = estate.catalogPolicy('A policy', 'on', { reusableId: reusable.body.id });
    const set = estate.policySet('A set', [policy]);
    const { tenantId, idOf } = await knownCustomer([reusable, policy, set]);
    const request = { policyIds: [await idOf(set)], includeFoundations: true };
    const backup = await backUp(kernel, tenantId, request);
    expect(namesIn(backup)).toEqual(['A group of settings', 'A policy', 'A set']);
    expect(backup.items.map(({ attempts }) => attempts).sort()).toEqual([0, 0, 1]);
  });

  // Catches: a dangling reference that fails its policy, its type or the run; a warning for an existing object.
  it('warns of references to missing objects, and of no others', async () => {
    const there = estate.appProtection('An app protection');
    const gone = randomUUID();
    const dangling = estate.compliancePolicy('Dangling', { filterId: gone, tagIds: ['0'] });
    const sound = estate.compliancePolicy('Sound');
    const set = estate.policySet('A set', [there]);
    const access = estate.accessPolicy('An access policy', estate.builtInStrengthId);
    const { tenantId } = await knownCustomer([dangling, sound, there, set, access]);
    const { run, manifest, items, held } = await backUp(kernel, tenantId, { full: true });
    expect([run.status, manifest.complete]).toEqual(['succeeded', true]);
    const warned = (row: { warnings: readonly { code: string; message: string }[] }) =>
      row.warnings.map(({ code }) => code);
    const byName = Object.fromEntries(items.map((item) => [item.display_name, warned(item)]));
    expect(byName).toMatchObject({ Dangling: ['reference_missing'], Sound: [], 'A set': [] });
    expect(byName['An access policy']).toEqual([]);
    const inSet = held.find((item) => item.display_name === 'Dangling');
    expect(inSet?.item_warnings).toEqual([
      {
        code: 'reference_missing',
        message: `refers to assignmentFilter ${gone}, which the tenant does not have`,
      },
    ]);
  });
});

describe('policies added to a backup set', () => {
  // Catches: a second read or item of a policy in the set, and a stale manifest.
  it('are captured, and the other items of the set cost no call', async () => {
    const tenantId = await customerWith(estate.catalogPolicies(3));
    const whole = await backUp(kernel, tenantId);
    const ids = whole.held.map((item) => item.policy_id).sort();
    const [first = '', second = '', third = ''] = ids;
    const start = await backUp(kernel, tenantId, { policyIds: [first] });
    const { backupSetId } = start;
    const policyIds = [first, second];
    const added = await addToSet(kernel, tenantId, backupSetId, { policyIds });
    expect(added.run).toMatchObject({ status: 'succeeded', total: 2, target_id: backupSetId });
    expect(new Map(added.items.map((item) => [item.policy_id, item.action]))).toEqual(
      new Map([
        [first, 'none'],
        [second, 'capture'],
      ]),
    );
    expect(added.manifest.contentHash).not.toBe(start.manifest.contentHash);
    expect(ofType(added, 'settingsCatalogPolicy')).toEqual({ listed: 2, captured: 2 });
    const again = await callsDuring(kernel, tenantId, () =>
      addToSet(kernel, tenantId, backupSetId, { policyIds }),
    );
    expect(again.calls).toEqual([]);
    expect(again.result.items.map(({ action }) => action)).toEqual(['none', 'none']);
    expect(again.result.held).toEqual(added.held);
    const all = await addToSet(kernel, tenantId, backupSetId, { policyIds: [third, first] });
    // The hash depends on the content of a set, not on its origin.
    expect(all.manifest.contentHash).toBe(whole.manifest.contentHash);
  });
});
