import { v7 as uuidv7 } from 'uuid';
import { insertArchiveChunk } from '#db/archive/archive-chunks.ts';
import { insertArchive } from '#db/archive/archives.ts';
import { insertAuditEvent } from '#db/audit/audit-events.ts';
import { planPolicies } from '#db/backup/backup-plans.ts';
import { recordListing } from '#db/backup/backup-listings.ts';
import { insertBackupSet } from '#db/backup/backup-sets.ts';
import { takeGraphBudget } from '#db/budget/take-from-budget.ts';
import { inTenant, type TenantTrx } from '#db/database.ts';
import { upsertSeenGroups } from '#db/directory/directory-groups.ts';
import { upsertSeenPolicies } from '#db/inventory/policies.ts';
import { recordItemPlan } from '#db/restore/item-plans.ts';
import { insertRestoreItems } from '#db/restore/new-restore-items.ts';
import { numberWrites } from '#db/restore/write-order.ts';
import { insertRunItems, recordItemOutcome } from '#db/run/run-items.ts';
import { insertRun } from '#db/run/runs.ts';
import { insertSchedule } from '#db/schedule/schedules.ts';
import { createSnapshotCipher } from '#db/snapshot/snapshot-cipher.ts';
import { insertSnapshots } from '#db/snapshot/snapshots.ts';
import { upsertMember } from '#db/tenant/members.ts';
import { insertTenant } from '#db/tenant/tenants.ts';
import type { ItemPlan } from '#domain/restore/plan.ts';
import { failure } from '#domain/run/failure.ts';
import type { TestDatabase } from '#test/support/database.ts';

export const twinCipher = createSnapshotCipher([{ id: 'test', key: Buffer.alloc(32, 3) }]);

const directory = 'dddddddd-0000-4000-8000-00000000000d';
/** A member of both tenants: a reader in the first, an owner in the second. */
export const sharedPrincipal = `${directory}:11111111-0000-4000-8000-000000000001`;
/** The initiator of both tenants' runs, a member of the first only. */
export const formerMember = `${directory}:22222222-0000-4000-8000-000000000002`;

/** A reference of both tenants' snapshots to an object unknown to both. */
export const missingReference = { policyType: 'scopeTag', graphId: 'G-Missing' };

/** A group known to both tenants; only the second has listed its directory completely. */
export const sameGroup = {
  ...{ groupId: '55555555-0000-4000-8000-000000000005', displayName: 'Same' },
  ...{ securityEnabled: true, mailEnabled: false, onPremises: false },
  membershipType: 'assigned',
  membershipRule: null,
} as const;

/** A take from the budget of Graph requests, once by both tenants. */
export const someBudget = {
  // Longer than the tests on a slow machine: the takes of the twins must still count.
  ...{ service: 'same', wanted: 1, inFlight: 0, limit: 100, windowSeconds: 3_600 },
  worker: '44444444-0000-4000-8000-000000000004',
  slowStart: true,
};

/** One of two tenants with equal names, Graph ids and contents. */
export interface Twin {
  readonly tenantId: string;
  readonly key: string;
  readonly policyId: string;
  readonly runId: string;
  readonly failedItemId: string;
  readonly pendingItemId: string;
  readonly snapshotId: string;
  readonly backupSetId: string;
  /** The schedule of one expired set and of one half deleted. */
  readonly scheduleId: string;
  readonly goingSetId: string;
  /** A schedule of drift checks with the set. */
  readonly driftScheduleId: string;
  /** A preview with a plan for the item of the set. */
  readonly previewRunId: string;
  readonly ownHash: Buffer;
  readonly ownMember: string;
}

async function fill(trx: TenantTrx, letter: 'a' | 'b'): Promise<Twin> {
  const [runId, failedItemId, backupSetId] = [uuidv7(), uuidv7(), uuidv7()];
  const key = letter.repeat(64);
  const ownMember = `${trx.tenantId}:33333333-0000-4000-8000-000000000003`;
  const member = { kind: 'user', display_name: null } as const;
  await insertTenant(trx, { displayName: 'Twin', createdBy: sharedPrincipal });
  const role = letter === 'a' ? 'reader' : 'owner';
  await upsertMember(trx, { ...member, principal_id: sharedPrincipal, role });
  await upsertMember(trx, { ...member, principal_id: ownMember, role: 'owner' });
  if (letter === 'a') {
    await upsertMember(trx, { ...member, principal_id: formerMember, role: 'reader' });
  }
  const seen = { graphId: 'g-1', displayName: 'Same', platform: null, lastModifiedAt: null };
  await upsertSeenPolicies(trx, 'scopeTag', [seen]);
  const policy = await trx
    .selectFrom('policies')
    .select('id')
    .where('tenant_id', '=', trx.tenantId)
    .executeTakeFirstOrThrow();
  await insertRun(trx, {
    id: runId,
    operationType: 'inventory.sync',
    target: null,
    parameters: {},
    idempotencyKey: key,
    initiator: { id: formerMember, displayName: 'Same' },
  });
  // A tenant has at most one; a query for the first tenant's must not return the second's.
  if (letter === 'b') {
    await insertRun(trx, {
      ...{ id: uuidv7(), operationType: 'restore.execute', target: null, parameters: {} },
      ...{ idempotencyKey: 'c'.repeat(64), initiator: { id: formerMember, displayName: 'Same' } },
    });
  }
  // A run has at most one item a policy; the failed item is one for a whole type.
  const failed = { itemId: failedItemId, policyId: null, graphId: null, action: 'none' } as const;
  await insertRunItems(trx, runId, [{ ...failed, policyType: 'scopeTag', displayName: 'Same' }]);
  await recordItemOutcome(trx, runId, failedItemId, {
    outcome: 'failed',
    error: failure('policy_gone'),
  });
  const snapshotId = uuidv7();
  await insertSnapshots(trx, twinCipher, runId, [
    {
      ...{ id: snapshotId, policyId: policy.id, policyType: 'scopeTag', graphId: 'g-1' },
      ...{ displayName: 'Same', complete: true, warnings: [] },
      ...{ revision: 'same', assignmentsHash: 'same', references: [missingReference] },
      document: '{"item":{"same":true},"children":{},"assignments":null}',
    },
  ]);
  const pendingItemId = await fillBackupSet(trx, {
    ...{ runId, backupSetId, policyId: policy.id, snapshotId },
  });
  const { scheduleId, goingSetId, driftScheduleId } = await fillSchedule(trx, backupSetId);
  const previewRunId = await fillPreview(trx, pendingItemId);
  await fillWrites(trx, previewRunId);
  await takeGraphBudget(trx, someBudget);
  await fillDirectory(trx, letter);
  const longAgo = new Date('2020-01-01T00:00:00Z');
  const archive = { id: runId, kind: 'export', expiresAt: longAgo } as const;
  await insertArchive(trx, archive);
  const chunk = { archiveId: runId, generation: 0, seq: 0, bytes: Buffer.from('same') };
  await insertArchiveChunk(trx, twinCipher, chunk);
  await insertAuditEvent(trx, { actor: 'same', action: 'same', details: {} });
  const own = await ownContent(trx, letter);
  return {
    tenantId: trx.tenantId,
    key,
    policyId: policy.id,
    runId,
    failedItemId,
    pendingItemId,
    snapshotId,
    backupSetId,
    scheduleId,
    goingSetId,
    driftScheduleId,
    previewRunId,
    ownHash: own,
    ownMember,
  };
}

/** Creates a set with a snapshot of the policy, and a run to capture it again. Returns the id of the pending item. */
async function fillBackupSet(
  trx: TenantTrx,
  ids: { runId: string; backupSetId: string; policyId: string; snapshotId: string },
): Promise<string> {
  const { runId, backupSetId, policyId, snapshotId } = ids;
  const createdBy = { id: sharedPrincipal, displayName: 'Same' };
  const made = { id: backupSetId, name: 'Same', origin: 'backup', scheduleId: null } as const;
  await insertBackupSet(trx, { ...made, createdBy });
  const listing = { outcome: 'listed', listed: 1, builtIn: 0 } as const;
  const ref = { backupSetId, runId, policyType: 'scopeTag' };
  await recordListing(trx, ref, listing);
  const plan = { runId, backupSetId, reuseUnchanged: false };
  await planPolicies(trx, plan, [policyId], new Map());
  const item = await trx
    .updateTable('backup_set_items')
    .set({ snapshot_id: snapshotId })
    .where('tenant_id', '=', trx.tenantId)
    .returning('backup_item_id')
    .executeTakeFirstOrThrow();
  return item.backup_item_id;
}

/** Creates a preview of the set's item without a change to make. Returns the id of its run. */
async function fillPreview(trx: TenantTrx, backupItemId: string): Promise<string> {
  const [runId, itemId] = [uuidv7(), uuidv7()];
  await insertRun(trx, {
    ...{ id: runId, operationType: 'restore.preview', target: null, parameters: {} },
    ...{ idempotencyKey: 'e'.repeat(64), initiator: { id: 'same', displayName: 'Same' } },
  });
  await insertRestoreItems(trx, runId, [
    {
      ...{ itemId, backupItemId, policyType: 'scopeTag', displayName: 'Same', group: 0 },
      ...{ sourceTenantId: trx.tenantId, sourceGraphId: 'g-1', sha256: null, targetGraphId: 'g-1' },
      ...{ targetFoundBy: 'id', targetCandidates: 0, planned: null },
    },
  ]);
  await recordItemPlan(trx, twinCipher, { runId, itemId }, noPlan);
  return runId;
}

const noPlan: ItemPlan = {
  ...{ action: 'none', changes: [], desired: '{}', liveHash: 'same', references: [] },
  ...{ assignments: null, assignmentsBlocked: false, warnings: [], blockedBy: null },
};

/** Creates a schedule with a retention of a day, an older set of it, and one half deleted by retention. */
async function fillSchedule(trx: TenantTrx, backupSetId: string) {
  const [scheduleId, oldSetId, goingSetId] = [uuidv7(), uuidv7(), uuidv7()];
  const driftScheduleId = uuidv7();
  const createdBy = { id: sharedPrincipal, displayName: 'Same' };
  const times = { cron: '0 2 * * *', timeZone: 'UTC', jitterSeconds: 0, catchUpSeconds: 60 };
  const rule = { keepLast: null, keepDays: 1, paused: false, selection: { all: true } } as const;
  const definition = { name: 'Same', ...times, ...rule };
  await insertSchedule(trx, { id: scheduleId, definition, createdBy });
  const drift = { name: 'Same', ...times, paused: false, backupSetId };
  const made = { id: driftScheduleId, definition: drift, createdBy };
  await insertSchedule(trx, made);
  for (const id of [oldSetId, goingSetId]) {
    const set = { id, name: 'Same', origin: 'backup', scheduleId, createdBy } as const;
    await insertBackupSet(trx, set);
  }
  const longAgo = new Date('2020-01-01T00:00:00Z');
  await trx
    .updateTable('backup_sets')
    .set({ created_at: longAgo })
    .where('id', '=', oldSetId)
    .execute();
  await trx
    .updateTable('backup_sets')
    .set({ deleting_at: longAgo })
    .where('id', '=', goingSetId)
    .execute();
  return { scheduleId, goingSetId, driftScheduleId };
}

/** The id of an object created by a restore in this tenant alone. */
export function madeObject(tenantId: string): string {
  return `made-in-${tenantId}`;
}

/** Creates the rows of a restore with planned items: references, a write, and a created object. */
async function fillWrites(trx: TenantTrx, runId: string): Promise<void> {
  const { item_id } = await trx
    .selectFrom('restore_items')
    .select('item_id')
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', runId)
    .executeTakeFirstOrThrow();
  const of = { tenant_id: trx.tenantId, run_id: runId, policy_type: 'scopeTag' };
  const stands = { source_graph_id: 'g-source', graph_id: 'g-made' };
  await trx
    .insertInto('restore_references')
    .values({ ...of, ...stands })
    .execute();
  await trx
    .insertInto('restored_objects')
    .values({ ...of, ...stands, source_tenant_id: trx.tenantId })
    .execute();
  await numberWrites(trx, runId, []);
  const write = { name: 'create', method: 'POST', path: '/same', repeatable: false } as const;
  await trx
    .insertInto('graph_writes')
    .values({
      ...of,
      ...write,
      item_id,
      state: 'intended',
      known_ids: [],
      claims: 2,
      object_id: madeObject(trx.tenantId),
    })
    .execute();
}

async function fillDirectory(trx: TenantTrx, letter: 'a' | 'b'): Promise<void> {
  await upsertSeenGroups(trx, [sameGroup]);
  if (letter === 'a') return;
  const id = uuidv7();
  await insertRun(trx, {
    ...{ id, operationType: 'directory.sync', target: null, parameters: {} },
    ...{ idempotencyKey: 'd'.repeat(64), initiator: { id: formerMember, displayName: 'Same' } },
  });
  await trx.updateTable('runs').set({ succeeded: 1 }).where('id', '=', id).execute();
}

/** Inserts content of this tenant alone, without a snapshot. */
async function ownContent(trx: TenantTrx, letter: string): Promise<Buffer> {
  const hash = Buffer.alloc(32, letter);
  const sealed = twinCipher.seal(trx.tenantId, hash, Buffer.from(letter));
  const row = { tenant_id: trx.tenantId, sha256: hash, canonical_sha256: hash, byte_length: 1 };
  const { keyId: key_id, nonce, ciphertext } = sealed;
  await trx
    .insertInto('snapshot_contents')
    .values({ ...row, key_id, nonce, ciphertext })
    .execute();
  return hash;
}

/** Creates two tenants with different ids and otherwise equal rows, so that a forgotten filter finds both. */
export async function createTwins(database: TestDatabase): Promise<{ a: Twin; b: Twin }> {
  const { db } = database.app;
  const [idA, idB] = [
    'aaaaaaaa-0000-4000-8000-00000000000a',
    'bbbbbbbb-0000-4000-8000-00000000000b',
  ];
  return {
    a: await inTenant(db, idA, (trx) => fill(trx, 'a')),
    b: await inTenant(db, idB, (trx) => fill(trx, 'b')),
  };
}
