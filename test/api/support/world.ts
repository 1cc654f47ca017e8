import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { insertWholeArchive } from '#db/archive/archive-bytes.ts';
import { sealBackupSet } from '#db/backup/backup-manifests.ts';
import { insertBackupSet } from '#db/backup/backup-sets.ts';
import { inTenant, type TenantTrx } from '#db/database.ts';
import { upsertSeenPolicies } from '#db/inventory/policies.ts';
import { insertRunItems } from '#db/run/run-items.ts';
import { insertRun, transitionRun } from '#db/run/runs.ts';
import { insertSchedule } from '#db/schedule/schedules.ts';
import { insertSnapshots } from '#db/snapshot/snapshots.ts';
import { upsertMember } from '#db/tenant/members.ts';
import { insertTenant } from '#db/tenant/tenants.ts';
import { type Role, roles } from '#domain/identity/role.ts';
import { idempotencyKey } from '#domain/run/idempotency-key.ts';
import { captureSnapshot, exportPolicies } from '#domain/run/run-requests.ts';
import type { ApiUnderTest } from './api-under-test.ts';
import { homeTenantId } from './tokens.ts';

export const tenantA = 'aaaaaaaa-0000-4000-8000-00000000000a';
export const tenantB = 'bbbbbbbb-0000-4000-8000-00000000000b';
/** Registered nowhere. */
export const tenantNobody = 'cccccccc-0000-4000-8000-00000000000c';

const oids: Record<Role, string> = {
  reader: '00000000-0000-4000-8000-000000000001',
  operator: '00000000-0000-4000-8000-000000000002',
  manager: '00000000-0000-4000-8000-000000000003',
  owner: '00000000-0000-4000-8000-000000000004',
};
export const adminOid = '00000000-0000-4000-8000-0000000000ad';
export const strangerOid = '00000000-0000-4000-8000-0000000000ff';

/** The principal with a role, a user of the home tenant. */
export function principalOf(role: Role): string {
  return `${homeTenantId}:${oids[role]}`;
}

/** A JSON document that parsing and writing would change in many places. */
export const document =
  '{"item":{"id":"g-1","big":9007199254740993,"one":1.0,"__proto__":{"a":1},"text":"a\\u0000b \\ud800","é":1e400 },"children":{},"assignments":[]}';

/** The objects of a tenant in these tests. */
export interface TenantWorld {
  readonly tenantId: string;
  readonly policyId: string;
  readonly runId: string;
  readonly itemId: string;
  readonly snapshotId: string;
  /** Holds the snapshot. */
  readonly backupSetId: string;
  readonly scheduleId: string;
  /** Compares the set with the tenant. */
  readonly driftScheduleId: string;
  /** A member of this tenant only. */
  readonly memberId: string;
}

/** Registers a tenant and gives it one of everything. */
export async function buildTenant(api: ApiUnderTest, tenantId: string): Promise<TenantWorld> {
  const memberId = `${tenantId}:${strangerOid.replace('ff', tenantId.slice(0, 2))}`;
  const runId = uuidv7();
  const itemId = uuidv7();
  const snapshotId = uuidv7();
  return inTenant(api.database.app.db, tenantId, async (trx) => {
    await insertTenant(trx, { displayName: `Tenant ${tenantId[0]}`, createdBy: 'test' });
    const member = { kind: 'user', display_name: null } as const;
    await upsertMember(trx, { ...member, principal_id: memberId, role: 'reader' });
    const seen = { displayName: 'Disk encryption', platform: 'windows10', lastModifiedAt: null };
    await upsertSeenPolicies(trx, 'settingsCatalogPolicy', [{ graphId: 'g-1', ...seen }]);
    const policy = await trx
      .selectFrom('policies')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .executeTakeFirstOrThrow();
    const work = captureSnapshot(tenantId, policy.id);
    await insertRun(trx, {
      ...work,
      id: runId,
      idempotencyKey: idempotencyKey(work),
      initiator: { id: principalOf('owner'), displayName: 'The Owner' },
    });
    const about = { policyId: policy.id, policyType: policy.policy_type, graphId: 'g-1' };
    const item = { itemId, displayName: 'Disk encryption', action: 'capture' } as const;
    await insertRunItems(trx, runId, [{ ...item, ...about }]);
    const kept = { id: snapshotId, displayName: 'Disk encryption', document, complete: true };
    const known = { revision: null, assignmentsHash: null, references: [], warnings: [] };
    await insertSnapshots(trx, api.cipher, runId, [{ ...kept, ...known, ...about }]);
    const backupSetId = uuidv7();
    await addBackupSet(trx, backupSetId);
    await addBackupItem(trx, { tenantId, backupSetId, policyId: policy.id, snapshotId });
    const [scheduleId, driftScheduleId] = [uuidv7(), uuidv7()];
    await addSchedule(trx, scheduleId);
    await addDriftSchedule(trx, { id: driftScheduleId, backupSetId });
    const schedules = { scheduleId, driftScheduleId };
    const ids = { policyId: policy.id, runId, itemId, snapshotId, backupSetId };
    return { tenantId, ...ids, ...schedules, memberId };
  });
}

/** Adds an empty backup set. */
export function addBackupSet(trx: TenantTrx, id: string): Promise<void> {
  const createdBy = { id: principalOf('owner'), displayName: 'The Owner' };
  const set = { id, name: 'Nightly', origin: 'backup', scheduleId: null, createdBy } as const;
  return insertBackupSet(trx, set);
}

/** Adds a snapshot of a policy to a backup set, as a backup does. */
export async function addBackupItem(
  trx: TenantTrx,
  item: { tenantId: string; backupSetId: string; policyId: string; snapshotId: string },
): Promise<void> {
  const row = {
    ...{ tenant_id: item.tenantId, backup_set_id: item.backupSetId, backup_item_id: uuidv7() },
    ...{ policy_id: item.policyId, snapshot_id: item.snapshotId, warnings: '[]' },
  };
  await trx.insertInto('backup_set_items').values(row).execute();
}

/** Adds a schedule of the whole tenant at night. */
export async function addSchedule(trx: TenantTrx, id: string): Promise<void> {
  await insertSchedule(trx, {
    id,
    createdBy: { id: principalOf('owner'), displayName: 'The Owner' },
    definition: {
      ...{ name: 'Nightly', cron: '0 2 * * *', timeZone: 'UTC', selection: { all: true } },
      ...{ keepLast: null, keepDays: null, jitterSeconds: 0, catchUpSeconds: 3_600, paused: false },
    },
  });
}

/** Adds a schedule that compares a backup set with the tenant at night. */
export async function addDriftSchedule(
  trx: TenantTrx,
  { id, backupSetId }: { readonly id: string; readonly backupSetId: string },
): Promise<void> {
  await insertSchedule(trx, {
    id,
    createdBy: { id: principalOf('owner'), displayName: 'The Owner' },
    definition: {
      ...{ name: 'Drift', cron: '0 3 * * *', timeZone: 'UTC', backupSetId },
      ...{ jitterSeconds: 0, catchUpSeconds: 3_600, paused: false },
    },
  });
}

/** The bytes of every export; tests do not unzip them. */
export const exportedBytes = Buffer.from('the bytes of an export');

/** Adds a downloadable export of a finished set. Returns its id. */
export function addExport(
  { database, cipher }: ApiUnderTest,
  { tenantId, backupSetId }: Pick<TenantWorld, 'tenantId' | 'backupSetId'>,
): Promise<string> {
  const id = uuidv7();
  const work = exportPolicies(tenantId, backupSetId, 'tenantry');
  const expiresAt = new Date(Date.now() + 3_600_000);
  return inTenant(database.app.db, tenantId, async (trx) => {
    await sealBackupSet(trx, backupSetId, { whole: true });
    await insertRun(trx, {
      ...work,
      id,
      // Another key: an export of the set may be active.
      idempotencyKey: randomBytes(32).toString('hex'),
      initiator: { id: principalOf('owner'), displayName: 'The Owner' },
    });
    await transitionRun(trx, id, 'running');
    await transitionRun(trx, id, 'succeeded');
    const archive = { id, kind: 'export', expiresAt } as const;
    await insertWholeArchive(trx, cipher, archive, exportedBytes);
    return id;
  });
}

/** Adds the four role holders as members of a tenant. */
export async function addRoleHolders(api: ApiUnderTest, tenantId: string): Promise<void> {
  await inTenant(api.database.app.db, tenantId, async (trx) => {
    for (const role of roles) {
      await upsertMember(trx, {
        principal_id: principalOf(role),
        kind: 'user',
        display_name: `The ${role}`,
        role,
      });
    }
  });
}

export type Persona = 'none' | Role | 'admin';

/** Adds the role holders as users of the home tenant's directory, which exchanges their tokens. */
async function fillDirectory({ simulatorUrl }: ApiUnderTest): Promise<void> {
  const users = Object.entries(oids).map(([role, id]) => ({
    ...{ id, displayName: `The ${role}`, password: 'no-secret-1' },
    userPrincipalName: `${role}@home.test`,
  }));
  const response = await fetch(`${simulatorUrl}/_sim/tenants/${homeTenantId}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ displayName: 'Home', users }),
  });
  if (!response.ok) throw new Error(`the simulator answered ${response.status}`);
}

/** The tokens of a stranger, the role holders and a platform administrator. */
export async function mintPersonas(api: ApiUnderTest): Promise<Record<Persona, string>> {
  const { mint } = api;
  await fillDirectory(api);
  return {
    none: await mint.user(strangerOid),
    reader: await mint.user(oids.reader),
    operator: await mint.user(oids.operator),
    manager: await mint.user(oids.manager),
    owner: await mint.user(oids.owner),
    admin: await mint.user(adminOid, { roles: ['Tenantry.Admin'] }),
  };
}
