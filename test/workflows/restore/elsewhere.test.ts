import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type Kernel, simulate, startKernel } from '#test/support/kernel.ts';
import {
  accessPolicy,
  assignedPolicy,
  group,
  targetsOf,
  to,
} from '#test/workflows/support/assigned-policies.ts';
import { readBackupSet } from '#test/workflows/support/backups.ts';
import { twoTenants, type TwoTenants } from '#test/workflows/support/cross-tenant.ts';
import * as estate from '#test/workflows/support/estate.ts';
import {
  appSettingsPath,
  foundations,
  policiesOver,
  profilesPath,
} from '#test/workflows/support/referring-policies.ts';
import { catalogPolicy, storedAt } from '#test/workflows/support/restorable.ts';
import {
  plansOf,
  preview,
  type Restored,
  restore,
  tally,
} from '#test/workflows/support/restores.ts';

let kernel: Kernel;
beforeAll(async () => {
  kernel = await startKernel();
  const unlimited = { requests: 1e6, writes: 1e6, conditionalAccess: 1e6 };
  await simulate(kernel.simulatorUrl, 'PUT', '/throttle', unlimited);
});
afterAll(() => kernel.stop());

function itemNamed({ items }: Restored, name: string) {
  const item = items.find(({ display_name: displayName }) => displayName === name);
  if (item === undefined) throw new Error(`no item is called ${name}`);
  return { ...item, warned: item.warnings.map(({ code }) => code) };
}

async function objectNamed(tenantId: string, path: string, name: string) {
  const all = await storedAt(kernel, tenantId, path);
  const found = all.filter(({ body }) => [body['name'], body['displayName']].includes(name));
  expect([name, found.length]).toEqual([name, 1]);
  return found[0]!;
}

const from = ({ sourceId, backupSetId }: TwoTenants) => ({ sourceTenantId: sourceId, backupSetId });

describe('assignments in another tenant', () => {
  const [mapped, unmapped, mappedTo] = [randomUUID(), randomUUID(), randomUUID()];
  const source = [
    ...[group('Mapped', mapped), group('Unmapped', unmapped)],
    assignedPolicy('Broad', [to.allDevices, to.group(mapped)]),
    assignedPolicy('Included', [to.group(mapped), to.group(unmapped)]),
    assignedPolicy('Excluded', [to.allUsers, to.except(unmapped)]),
  ];
  const target = [group('Their group', mappedTo)];
  const groupMapping = { [mapped]: mappedTo };

  // Catches: a broad assignment without permission; a dropped exclusion, so that the policy reaches excluded people;
  // content lost with its assignments.
  it('reach only mapped groups', async () => {
    const tenants = await twoTenants(kernel, source, target);
    const { targetId } = tenants;
    const restored = await restore(kernel, targetId, { ...from(tenants), groupMapping });
    expect(tally(restored)).toEqual({
      'create succeeded': 2,
      'create failed assignments_blocked': 1,
    });
    expect(restored.run.status).toBe('partial');
    expect(itemNamed(restored, 'Broad').warned).toEqual(['broad_assignment']);
    expect(itemNamed(restored, 'Included').warned).toEqual(['group_unmapped']);
    const written = async (name: string) =>
      targetsOf(await objectNamed(targetId, estate.paths.catalog, name));
    expect([await written('Broad'), await written('Included')]).toEqual([[mappedTo], [mappedTo]]);
    const excluded = await objectNamed(targetId, estate.paths.catalog, 'Excluded');
    expect(targetsOf(excluded)).toEqual([]);
    expect(excluded.body['settings']).toHaveLength(1);
    const item = itemNamed(restored, 'Excluded');
    expect([item.graph_id, item.error_context]).toMatchObject([
      excluded.id,
      { graphId: excluded.id },
    ]);
    expect(item.warned).toContain('group_unmapped');
    expect(JSON.stringify(await storedAt(kernel, targetId))).not.toContain(mapped);
  });

  // Catches: an ignored permission.
  it('reach all devices or users if the restore allows it', async () => {
    const tenants = await twoTenants(kernel, source.slice(0, 3), target);
    const { targetId } = tenants;
    const request = { ...from(tenants), groupMapping, allowBroadAssignments: true };
    expect(tally(await restore(kernel, targetId, request))).toEqual({ 'create succeeded': 1 });
    const broad = await objectNamed(targetId, estate.paths.catalog, 'Broad');
    expect(targetsOf(broad)).toEqual(['#microsoft.graph.allDevicesAssignmentTarget', mappedTo]);
  });
});

describe('conditional access in another tenant', () => {
  const source = [accessPolicy('New', 'enabled'), accessPolicy('Known', 'enabled', 'Office365')];
  const target = [accessPolicy('Known', 'enabledForReportingButNotEnforced')];

  async function stateOf(tenantId: string, name: string) {
    return (await objectNamed(tenantId, estate.paths.access, name)).body['state'];
  }

  // Catches: a restored policy that is in force at once and locks people out.
  it('is created disabled, and an existing one keeps its state', async () => {
    const tenants = await twoTenants(kernel, source, target);
    const { targetId } = tenants;
    const restored = await restore(kernel, targetId, from(tenants));
    expect(tally(restored)).toEqual({ 'create succeeded': 1, 'update succeeded': 1 });
    expect([await stateOf(targetId, 'New'), await stateOf(targetId, 'Known')]).toEqual([
      'disabled',
      'enabledForReportingButNotEnforced',
    ]);
    for (const name of ['New', 'Known']) {
      expect(itemNamed(restored, name).warned).toEqual(['state_not_restored']);
    }
    const known = await objectNamed(targetId, estate.paths.access, 'Known');
    expect(known.body['conditions']).toMatchObject({
      applications: { includeApplications: ['Office365'] },
    });
  });

  it('gets the state of the backup if requested', async () => {
    const tenants = await twoTenants(kernel, source, target);
    const { targetId } = tenants;
    const request = { ...from(tenants), conditionalAccessState: 'asBackedUp' } as const;
    await restore(kernel, targetId, request);
    expect([await stateOf(targetId, 'New'), await stateOf(targetId, 'Known')]).toEqual([
      'enabled',
      'enabled',
    ]);
  });
});

describe('an object that policies refer to', () => {
  // Catches: an id of the source although the target has an object of the name, and a second object beside an existing
  // one.
  it('is found in another tenant by its name', async () => {
    const [there, here] = [foundations('7'), foundations('3')];
    const { groupId, objects } = policiesOver(there);
    const mappedTo = randomUUID();
    const tenants = await twoTenants(
      kernel,
      [...Object.values(there), ...objects],
      [...Object.values(here), group('Theirs', mappedTo)],
    );
    const { targetId, sourceId, backupSetId } = tenants;
    const { held } = await readBackupSet(kernel, sourceId, backupSetId);
    const names = new Set(['Judged', 'Filtered', 'Device certificate', 'Maps settings']);
    const itemIds = held
      .filter((item) => names.has(item.display_name))
      .map((item) => item.backup_item_id);
    const request = { ...from(tenants), itemIds, groupMapping: { [groupId]: mappedTo } };
    const restored = await restore(kernel, targetId, request);
    expect(tally(restored)).toEqual({ 'create succeeded': 4 });
    const judged = await objectNamed(targetId, estate.paths.compliance, 'Judged');
    expect(judged.body['roleScopeTagIds']).toEqual([here.tag.body.id]);
    expect(JSON.stringify(judged.body['scheduledActionsForRule'])).toContain(here.template.body.id);
    const filtered = await objectNamed(targetId, estate.paths.catalog, 'Filtered');
    expect(filtered.body['assignments']).toMatchObject([to.group(mappedTo, here.filter.body.id)]);
    const scep = await objectNamed(targetId, profilesPath, 'Device certificate');
    expect(scep.body['rootCertificate']).toMatchObject({ id: here.certificate.body.id });
    const maps = await objectNamed(targetId, appSettingsPath, 'Maps settings');
    expect(maps.body['targetedMobileApps']).toEqual([here.app.body.id]);
  });
});

/** The pages of a target tenant: no entry may come from another tenant. */
const listedTables = [
  ...['policies', 'snapshots', 'backup_sets', 'backup_set_items', 'backup_set_types'],
  ...['directory_groups', 'content_references', 'snapshot_contents'],
];

async function listedIn(tenantId: string): Promise<string> {
  const texts = await Promise.all(
    listedTables.map(async (table) => {
      const { rows } = await sql<{ text: string | null }>`
        select string_agg(t::text, ' ') as text from ${sql.table(table)} t
        where tenant_id = ${tenantId}`.execute(kernel.database.owner.db);
      return rows[0]?.text ?? '';
    }),
  );
  return texts.join(' ');
}

describe('the lists of a tenant', () => {
  // Catches: inventory, groups or sets of the source in the target after a preview; a plan with more of the source than
  // the writes need.
  it('show no object of a tenant that is only the source of a preview', async () => {
    const secret = { name: 'Canary policy 71c0', group: 'Canary group 02aa' };
    const theirs = randomUUID();
    const source = [
      group(secret.group, theirs),
      assignedPolicy(secret.name, [to.group(theirs)]),
      estate.filter('Canary filter 9d11'),
    ];
    const tenants = await twoTenants(kernel, source, [catalogPolicy('Own policy'), group('Own')]);
    const { sourceId, targetId, backupSetId } = tenants;
    const shown = await preview(kernel, targetId, from(tenants));
    expect(tally(shown)).toEqual({ 'create succeeded': 2 });
    const listed = await listedIn(targetId);
    expect(listed).toContain('Own policy');
    const sourceIds = (await storedAt(kernel, sourceId)).map(({ id }) => id);
    for (const word of ['Canary', theirs, sourceId, backupSetId, ...sourceIds]) {
      expect(listed).not.toContain(word);
    }
    const plans = await plansOf(kernel, shown);
    expect(JSON.stringify(plans)).not.toContain(secret.group);
  });
});
