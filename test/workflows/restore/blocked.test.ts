import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { overwritePlans } from '#test/db/support/restore-rows.ts';
import { type Kernel, simulate, startKernel, testCipher } from '#test/support/kernel.ts';
import { assignedPolicy, group, targetsOf, to } from '#test/workflows/support/assigned-policies.ts';
import { backUp, callsDuring } from '#test/workflows/support/backups.ts';
import { twoTenants } from '#test/workflows/support/cross-tenant.ts';
import { addCustomer, deleteObject, seed } from '#test/workflows/support/customer.ts';
import * as estate from '#test/workflows/support/estate.ts';
import { setFaults } from '#test/workflows/support/graph-calls.ts';
import {
  catalogPolicy,
  change,
  type Stored,
  storedAt,
} from '#test/workflows/support/restorable.ts';
import { preview, type Restored, restore, tally } from '#test/workflows/support/restores.ts';
import {
  customProfile,
  omaSettings,
  profilesPath,
  tokenPolicy,
} from '#test/workflows/support/secret-policies.ts';

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel();
  const unlimited = { requests: 1e6, writes: 1e6, conditionalAccess: 1e6 };
  await simulate(kernel.simulatorUrl, 'PUT', '/throttle', unlimited);
});
afterEach(() => setFaults(kernel, []));
afterAll(() => kernel.stop());

const appsPath = '/deviceAppManagement/mobileApps';
const enrollmentPath = '/deviceManagement/deviceEnrollmentConfigurations';

type Seed = estate.SeedObject;

/** The changes of a test to an object. */
interface Hands {
  readonly remove: (object: Seed) => Promise<void>;
  readonly set: (object: Seed, values: object) => Promise<void>;
}

function handsOn(tenantId: string): Hands {
  return {
    remove: ({ path, body }) => deleteObject(kernel, tenantId, path, body.id),
    set: ({ path, body }, values) => change(kernel, tenantId, { path, id: body.id }, values),
  };
}

async function backedUp(objects: readonly Seed[], request: Parameters<typeof backUp>[2] = {}) {
  const tenantId = await addCustomer(kernel);
  await seed(kernel, tenantId, objects);
  const { backupSetId, items } = await backUp(kernel, tenantId, request);
  return { tenantId, backupSetId, items, ...handsOn(tenantId) };
}

/** The end of each item by its name. */
function endings({ items }: Restored): Record<string, string> {
  return Object.fromEntries(
    items.map(({ display_name: name, action, outcome, error_code: code }) => [
      name,
      [action, outcome, ...(code === null ? [] : [code])].join(' '),
    ]),
  );
}

const isWrite = ({ method }: { method: string }) => method !== 'GET';

describe('a policy with a masked secret', () => {
  // Catches: asterisks or a token written as a secret, and a policy blocked although neither it nor its secret part has
  // changed.
  it.each([
    ['custom settings', customProfile, 'update succeeded'],
    // A change here is a PUT of the whole policy.
    ['settings of the catalog', tokenPolicy, 'none skipped needs_secret'],
  ] as const)('of %s is left alone where the secret is needed', async (_, policy, described) => {
    const names = ['Gone', 'Described', 'Untouched'] as const;
    const policies = names.map((name) => policy(name));
    const [gone, other] = policies;
    const { tenantId, backupSetId, remove, set } = await backedUp(policies);
    await remove(gone!);
    await set(other!, { description: 'by hand' });
    const { result, calls } = await callsDuring(kernel, tenantId, () =>
      restore(kernel, tenantId, { backupSetId }),
    );
    expect(endings(result)).toEqual({
      ...{ Gone: 'none skipped needs_secret', Described: described, Untouched: 'none succeeded' },
    });
    expect(calls.filter(isWrite)).toHaveLength(described.startsWith('update') ? 1 : 0);
    const stored = JSON.stringify(await storedAt(kernel, tenantId, gone!.path));
    expect(stored.split('hunter2')).toHaveLength(3);
    expect(stored).not.toContain('****');
  });

  // Catches: a body that must hold the secret beside the change.
  it('is skipped if another value has changed as well', async () => {
    const profile = customProfile('Beside');
    const { tenantId, backupSetId, set } = await backedUp([profile]);
    await set(profile, { omaSettings: omaSettings(2) });
    const restored = await restore(kernel, tenantId, { backupSetId });
    expect(endings(restored)).toEqual({ Beside: 'none skipped needs_secret' });
    const [after] = await storedAt(kernel, tenantId, profilesPath);
    expect(after?.body['omaSettings']).toMatchObject([{ value: 'hunter2' }, { value: 2 }]);
  });
});

describe('a policy that cannot be restored', () => {
  it('is not_restorable if Graph accepts no such object', async () => {
    const type = '#microsoft.graph.iosStoreApp';
    const body = { '@odata.type': type, id: randomUUID(), displayName: 'Maps', assignments: [] };
    const app = { path: appsPath, body: { ...body, publisher: 'Contoso' } };
    const { tenantId, backupSetId, set } = await backedUp([app]);
    expect(endings(await restore(kernel, tenantId, { backupSetId }))).toEqual({
      Maps: 'none succeeded',
    });
    await set(app, { publisher: 'By hand' });
    expect(endings(await restore(kernel, tenantId, { backupSetId }))).toEqual({
      Maps: 'none skipped not_restorable',
    });
  });

  // Catches: a written id of a missing object.
  it('is skipped if its reference neither exists nor is restored', async () => {
    const template = estate.notificationTemplate('Reminder');
    const policy = estate.compliancePolicy('Judged', { templateId: template.body.id });
    const made = await backedUp([template, { ...policy, body: { ...policy.body } }]);
    const { tenantId, backupSetId, items, remove } = made;
    await remove(policy);
    await remove(template);
    const judged = items.filter((item) => item.display_name === 'Judged');
    const itemIds = judged.flatMap((item) => item.backup_item_id ?? []);
    const restored = await restore(kernel, tenantId, { backupSetId, itemIds });
    expect(endings(restored)).toEqual({ Judged: 'none skipped reference_missing' });
    expect(await storedAt(kernel, tenantId, policy.path)).toEqual([]);
  });

  // Catches: a guess among objects of one name.
  it('is skipped if several objects have its name', async () => {
    const twins = [catalogPolicy('Twin'), catalogPolicy('Twin')];
    const { sourceId, targetId, backupSetId } = await twoTenants(
      kernel,
      [catalogPolicy('Twin', { value: 9 })],
      twins,
    );
    const before = await storedAt(kernel, targetId);
    const restored = await restore(kernel, targetId, { backupSetId, sourceTenantId: sourceId });
    expect(endings(restored)).toEqual({ Twin: 'none skipped ambiguous_target' });
    expect(await storedAt(kernel, targetId)).toEqual(before);
  });
});

describe('a built-in object of every tenant', () => {
  const limit = (maximum: number, assignments: readonly object[]): Seed => ({
    path: enrollmentPath,
    body: {
      '@odata.type': '#microsoft.graph.deviceEnrollmentLimitConfiguration',
      ...{ id: `${randomUUID()}_DefaultLimit`, displayName: 'All users and all devices' },
      ...{ deviceEnrollmentConfigurationType: 'limit', priority: 0, limit: maximum },
      ...{ roleScopeTagIds: ['0'], assignments },
    },
  });

  // Catches: a second default object, or an assigned one.
  it('is updated, and neither created nor assigned', async () => {
    const everybody = [{ id: randomUUID(), ...to.allUsers }];
    const { sourceId, targetId, backupSetId } = await twoTenants(
      kernel,
      [limit(5, everybody)],
      [limit(15, [])],
    );
    const request = { backupSetId, sourceTenantId: sourceId, allowBroadAssignments: true };
    const { result, calls } = await callsDuring(kernel, targetId, () =>
      restore(kernel, targetId, request),
    );
    expect(tally(result)).toEqual({ 'update succeeded': 1 });
    expect(calls.filter(isWrite).map(({ method }) => method)).toEqual(['PATCH']);
    const after = await storedAt(kernel, targetId, enrollmentPath);
    expect(after.map(({ body }) => [body['limit'], body['assignments']])).toEqual([[5, []]]);
  });

  it('is not created in a tenant without it', async () => {
    const { sourceId, targetId, backupSetId } = await twoTenants(kernel, [limit(5, [])], []);
    const request = { backupSetId, sourceTenantId: sourceId };
    expect(tally(await restore(kernel, targetId, request))).toEqual({
      'none skipped not_portable': 1,
    });
  });
});

describe('a policy whose referenced policy fails', () => {
  // Catches: a placeholder sent as an id, a policy without its filter (it would reach more), and other items failed
  // with the failing one.
  it('fails with dependency_failed, and the others are restored', async () => {
    const groupId = randomUUID();
    const filter = estate.filter('Corporate');
    const filtered = assignedPolicy('Filtered', [to.group(groupId, filter.body.id)]);
    const plain = assignedPolicy('Plain', [to.group(groupId)]);
    const objects = [group('People', groupId), filter, filtered, plain];
    const { tenantId, backupSetId, remove } = await backedUp(objects);
    await Promise.all([filter, filtered, plain].map(remove));
    const refused = { tenant: tenantId, method: 'POST', path: 'assignmentFilters' };
    await setFaults(kernel, [{ match: refused, effect: { status: 403 } }]);
    const restored = await restore(kernel, tenantId, { backupSetId });
    expect(endings(restored)).toEqual({
      Corporate: 'create failed graph_forbidden',
      Filtered: 'create failed dependency_failed',
      Plain: 'create succeeded',
    });
    expect(restored.run.status).toBe('partial');
    await setFaults(kernel, []);
    expect(tally(await restore(kernel, tenantId, { backupSetId }))).toEqual({
      ...{ 'create succeeded': 2, 'none succeeded': 1 },
    });
    const [made] = await storedAt(kernel, tenantId, filter.path);
    const all = await storedAt(kernel, tenantId);
    const after = all.find(({ body }) => body['name'] === 'Filtered');
    expect(after?.body['assignments']).toMatchObject([to.group(groupId, made?.id)]);
  });
});

describe('a policy that has changed since its preview', () => {
  // Catches: a second object beside one that has reappeared, a new one for one deleted on purpose, and an overwritten
  // manual change to an item without changes in the preview.
  it('is skipped after an edit or a deletion, or if its object has reappeared', async () => {
    const names = ['Deleted since', 'Appeared since', 'Changed since', 'Mended since', 'As shown'];
    const policies = names.map((name) => catalogPolicy(name));
    const [deleted, appeared, changed, mended, shown] = policies;
    const { tenantId, backupSetId, remove, set } = await backedUp(policies);
    for (const one of [deleted, mended, shown]) await set(one!, { description: 'by hand' });
    await remove(appeared!);
    const { run } = await preview(kernel, tenantId, { backupSetId });
    await remove(deleted!);
    await seed(kernel, tenantId, [{ ...appeared!, body: { ...appeared!.body, id: randomUUID() } }]);
    await set(changed!, { description: 'by hand, later' });
    await set(mended!, { description: 'as backed up' });
    const before = await storedAt(kernel, tenantId);
    const restored = await restore(kernel, tenantId, { backupSetId, previewRunId: run.id });
    expect(endings(restored)).toEqual({
      'Deleted since': 'update skipped drifted_since_preview',
      'Appeared since': 'create skipped drifted_since_preview',
      'Changed since': 'none skipped drifted_since_preview',
      'Mended since': 'none succeeded',
      'As shown': 'update succeeded',
    });
    const others = (all: readonly Stored[]) =>
      all.filter(({ id }) => id !== shown!.body.id).map(({ body }) => body);
    expect(others(await storedAt(kernel, tenantId))).toEqual(others(before));
  });
});

describe('a preview whose stored plans have an unknown version', () => {
  // Catches: a restore that carries out the understood part of a later plan.
  it('is not carried out: its items fail as plan_unreadable, and nothing is written', async () => {
    const policy = catalogPolicy('Planned by later code');
    const { tenantId, backupSetId, set } = await backedUp([policy]);
    await set(policy, { description: 'by hand' });
    const { run } = await preview(kernel, tenantId, { backupSetId });
    const later = JSON.stringify({ version: 99, action: 'update', desired: '{}' });
    await overwritePlans(kernel.database, testCipher, run, later);
    const { result, calls } = await callsDuring(kernel, tenantId, () =>
      restore(kernel, tenantId, { backupSetId, previewRunId: run.id }),
    );
    expect(endings(result)).toEqual({
      'Planned by later code': 'update failed plan_unreadable',
    });
    expect(result.items.map(({ attempts }) => attempts)).toEqual([1]);
    expect(calls.filter(isWrite)).toEqual([]);
  });
});

describe('a backup without assignments', () => {
  // Catches: unknown assignments taken for none, so that a restore unassigns everything.
  it('leaves assignments as they are', async () => {
    const policy = catalogPolicy('Unknown');
    const made = await backedUp([policy], { all: true, includeAssignments: false });
    const { tenantId, backupSetId, set } = made;
    await set(policy, { description: 'by hand', assignments: [to.allUsers] });
    const { result, calls } = await callsDuring(kernel, tenantId, () =>
      restore(kernel, tenantId, { backupSetId }),
    );
    expect(endings(result)).toEqual({ Unknown: 'update succeeded' });
    expect(calls.filter(isWrite).map(({ method }) => method)).toEqual(['PUT']);
    const [after] = await storedAt(kernel, tenantId);
    expect(after?.body['description']).toBe('as backed up');
    expect(targetsOf(after!)).toEqual(['#microsoft.graph.allLicensedUsersAssignmentTarget']);
  });
});
