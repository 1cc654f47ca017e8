import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NoResultError } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import * as archiveChunks from '#db/archive/archive-chunks.ts';
import * as archives from '#db/archive/archives.ts';
import * as exportsOfRuns from '#db/archive/exports.ts';
import * as auditChain from '#db/audit/audit-chain.ts';
import * as auditEvents from '#db/audit/audit-events.ts';
import * as restoreAudit from '#db/audit/restore-audit.ts';
import * as backupListings from '#db/backup/backup-listings.ts';
import * as backupManifests from '#db/backup/backup-manifests.ts';
import * as backupPlans from '#db/backup/backup-plans.ts';
import * as backupRunItems from '#db/backup/backup-run-items.ts';
import * as backupSetContents from '#db/backup/backup-set-contents.ts';
import * as backupSets from '#db/backup/backup-sets.ts';
import * as captures from '#db/backup/captures.ts';
import * as chosenItems from '#db/backup/chosen-items.ts';
import * as throttledNotes from '#db/budget/note-throttled.ts';
import * as budgetTakes from '#db/budget/take-from-budget.ts';
import { inTenant, type TenantTrx } from '#db/database.ts';
import * as directoryGroups from '#db/directory/directory-groups.ts';
import * as foreignIds from '#db/foreign-ids.ts';
import * as importedPolicies from '#db/inventory/imported-policies.ts';
import * as policies from '#db/inventory/policies.ts';
import * as itemAttempts from '#db/run/item-attempts.ts';
import * as notifications from '#db/run/notifications.ts';
import * as runCounts from '#db/run/run-counts.ts';
import * as runItems from '#db/run/run-items.ts';
import * as runs from '#db/run/runs.ts';
import * as retention from '#db/schedule/retention.ts';
import * as scheduleStates from '#db/schedule/schedule-state.ts';
import * as schedulesAcrossTenants from '#db/schedule/schedules-across-tenants.ts';
import * as schedules from '#db/schedule/schedules.ts';
import * as contentReferences from '#db/snapshot/content-references.ts';
import * as snapshots from '#db/snapshot/snapshots.ts';
import * as verification from '#db/snapshot/verification.ts';
import * as members from '#db/tenant/members.ts';
import * as tenants from '#db/tenant/tenants.ts';
import type { RunRow } from '#db/tables.ts';
import { failure } from '#domain/run/failure.ts';
import {
  createTwins,
  formerMember,
  missingReference,
  sameGroup,
  sharedPrincipal,
  someBudget,
  type Twin,
  twinCipher,
} from '#test/db/support/twin-tenants.ts';
import {
  type FilterCase,
  principalsTrx,
  rejected,
  retentionTrx,
  withoutFence,
} from '#test/db/support/without-fence.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

let database: TestDatabase;
let a: Twin;
let b: Twin;

beforeAll(async () => {
  database = await createTestDatabase();
  ({ a, b } = await createTwins(database));
});
afterAll(() => database.drop());

const page = { limit: 50, before: null };
const later = new Date(Date.now() + 3_600_000);
const empty = { rows: [], next: null };
const gone = { outcome: 'failed', error: failure('policy_gone') } as const;
const newItem = {
  itemId: uuidv7(),
  policyId: null,
  policyType: 'scopeTag',
  displayName: 'X',
  graphId: null,
  action: 'none',
} as const;
/** SHA-256 of an empty text: the content hash of a set without items. */
const hashOfNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const missing = { ...missingReference, graphId: missingReference.graphId.toLowerCase() };

function snapshotOf(policyId: string) {
  const what = { policyId, policyType: 'scopeTag', displayName: 'X', graphId: 'g' };
  const document = '{"item":{},"children":{},"assignments":null}';
  const known = { revision: null, assignmentsHash: null, references: [], warnings: [] };
  return { id: uuidv7(), ...what, ...known, document, complete: true };
}

/** A run of the second tenant, presented as a writing run. */
async function theirRestore(trx: TenantTrx): Promise<RunRow> {
  const run = await trx
    .selectFrom('runs')
    .selectAll()
    .where('id', '=', b.runId)
    .executeTakeFirstOrThrow();
  return { ...run, operation_type: 'restore.execute' };
}

/** One case for every repository function of a tenant; the others are listed below with their reasons. */
const cases: Record<string, FilterCase> = {
  insertAuditEvent: {
    call: (trx) =>
      auditEvents.insertAuditEvent(trx, {
        actor: 'x',
        action: 'y',
        runId: b.runId,
        details: {},
      }),
    expected: rejected,
  },
  auditRunStarted: {
    call: async (trx) => restoreAudit.auditRunStarted(trx, await theirRestore(trx)),
    expected: rejected,
  },
  auditRunEnded: {
    call: async (trx) => restoreAudit.auditRunEnded(trx, await theirRestore(trx)),
    expected: rejected,
  },
  insertNotification: {
    call: async (trx) => notifications.insertNotification(trx, await theirRestore(trx)),
    expected: rejected,
  },
  listAuditEvents: {
    call: (trx) => auditEvents.listAuditEvents(trx, page),
    expected: { rows: [expect.objectContaining({ seq: 1 })], next: null },
  },
  listAuditChain: {
    call: (trx) => auditChain.listAuditChain(trx, { after: null, limit: 10 }),
    expected: [expect.objectContaining({ seq: 1 })],
  },
  readAuditHead: {
    call: (trx) => auditChain.readAuditHead(trx),
    expected: expect.objectContaining({ seq: 1, count: 1 }),
  },
  findRole: {
    call: (trx) => members.findRole(trx, [sharedPrincipal]),
    expected: 'reader',
  },
  findMember: {
    call: (trx) => members.findMember(trx, b.ownMember),
    expected: undefined,
  },
  listMembers: { call: (trx) => members.listMembers(trx, page) },
  upsertMember: {
    call: (trx) =>
      members.upsertMember(trx, {
        principal_id: sharedPrincipal,
        kind: 'group',
        display_name: 'New',
        role: 'manager',
      }),
  },
  deleteMember: {
    call: (trx) => members.deleteMember(trx, sharedPrincipal),
    expected: true,
  },
  lockOwners: {
    call: (trx) => members.lockOwners(trx),
    expected: expect.not.arrayContaining([sharedPrincipal]),
  },
  upsertSeenPolicies: {
    call: (trx) =>
      policies.upsertSeenPolicies(trx, 'scopeTag', [
        { graphId: 'g-1', displayName: 'New', platform: 'x', lastModifiedAt: null },
      ]),
  },
  markUnseenPoliciesAbsent: {
    call: (trx) => policies.markUnseenPoliciesAbsent(trx, 'scopeTag', later),
    expected: 0,
  },
  findPolicyById: {
    call: (trx) => policies.findPolicyById(trx, b.policyId),
    expected: undefined,
  },
  listPolicies: {
    call: (trx) =>
      policies.listPolicies(trx, { policyType: 'scopeTag', nameContains: 'same' }, page),
  },
  markPolicyAbsent: { call: (trx) => policies.markPolicyAbsent(trx, b.policyId) },
  listPolicyIdsByGraphIds: {
    call: (trx) => policies.listPolicyIdsByGraphIds(trx, 'scopeTag', ['g-1']),
    expected: [expect.any(String)],
  },
  listKnownPolicyIds: {
    call: (trx) => policies.listKnownPolicyIds(trx, [b.policyId]),
    expected: new Set(),
  },
  addToRunCounts: { call: (trx) => runCounts.addToRunCounts(trx, b.runId, { total: 1 }) },
  insertRunItems: {
    call: (trx) => runItems.insertRunItems(trx, b.runId, [newItem]),
    expected: rejected,
  },
  markItemAttempt: {
    call: (trx) => itemAttempts.markItemAttempt(trx, b.runId, b.pendingItemId, 7),
    expected: false,
  },
  recordItemOutcome: {
    call: (trx) => runItems.recordItemOutcome(trx, b.runId, b.pendingItemId, gone),
    expected: false,
  },
  recordItemFailures: {
    call: (trx) =>
      runItems.recordItemFailures(trx, b.runId, [{ itemId: b.pendingItemId, ...gone }]),
  },
  closePendingItems: { call: (trx) => runItems.closePendingItems(trx, b.runId, gone) },
  listAllRunItems: {
    call: (trx) => runItems.listAllRunItems(trx, b.runId),
    expected: [],
  },
  findRunItem: {
    call: (trx) => runItems.findRunItem(trx, b.runId, b.failedItemId),
    expected: undefined,
  },
  findFirstFailedItem: {
    call: (trx) => runItems.findFirstFailedItem(trx, b.runId),
    expected: undefined,
  },
  listFailedItems: {
    call: (trx) => runItems.listFailedItems(trx, b.runId),
    expected: [],
  },
  listRunItems: {
    call: (trx) => runItems.listRunItems(trx, b.runId, page),
    expected: empty,
  },
  insertRun: {
    // The second tenant's run with this key is active; a gate over all tenants would refuse the insert.
    call: (trx) =>
      runs.insertRun(trx, {
        id: uuidv7(),
        operationType: 'inventory.sync',
        target: null,
        parameters: {},
        idempotencyKey: b.key,
        initiator: { id: sharedPrincipal, displayName: 'X' },
      }),
    expected: expect.objectContaining({ status: 'queued' }),
  },
  findActiveRunByKey: {
    call: (trx) => runs.findActiveRunByKey(trx, b.key),
    expected: undefined,
  },
  findActiveWriter: {
    call: (trx) => runs.findActiveWriter(trx),
    expected: undefined,
  },
  findRunById: { call: (trx) => runs.findRunById(trx, b.runId), expected: undefined },
  lockRunById: { call: (trx) => runs.lockRunById(trx, b.runId), expected: undefined },
  listRuns: {
    call: (trx) =>
      runs.listRuns(
        trx,
        { status: 'queued', operationType: 'inventory.sync', activeOnly: true },
        page,
      ),
  },
  transitionRun: {
    call: (trx) => runs.transitionRun(trx, b.runId, 'running'),
    expected: undefined,
  },
  setWorkflowRunId: { call: (trx) => runs.setWorkflowRunId(trx, b.runId, 'changed') },
  requestRunCancel: {
    call: (trx) => runs.requestRunCancel(trx, b.runId),
    expected: undefined,
  },
  insertSnapshots: {
    call: (trx) => snapshots.insertSnapshots(trx, twinCipher, b.runId, [snapshotOf(b.policyId)]),
    expected: rejected,
  },
  findSnapshotById: {
    call: (trx) => snapshots.findSnapshotById(trx, b.snapshotId),
    expected: undefined,
  },
  listSnapshotsOfPolicy: {
    call: (trx) => snapshots.listSnapshotsOfPolicy(trx, b.policyId, page),
    expected: empty,
  },
  readSnapshotContent: {
    // Refused by the filter, before the cipher of the other tenant could refuse it.
    call: async (trx) => {
      const error: unknown = await snapshots
        .readSnapshotContent(trx, twinCipher, b.ownHash)
        .catch((e: unknown) => e);
      return error instanceof NoResultError;
    },
    expected: true,
  },
  insertTenant: {
    call: (trx) => tenants.insertTenant(trx, { displayName: 'Changed', createdBy: 'x' }),
    expected: false,
  },
  findTenant: {
    tenantId: 'cccccccc-0000-4000-8000-00000000000c',
    call: (trx) => tenants.findTenant(trx),
    expected: undefined,
  },
  listTenantsOfPrincipals: {
    call: (trx) => tenants.listTenantsOfPrincipals(principalsTrx(trx, [formerMember]), page),
  },
  // The principal has notifications of the second tenant's runs, too, but is no longer a member there.
  listNotifications: {
    call: (trx) =>
      notifications.listNotifications(recipient(trx), formerMember, { ...page, unreadOnly: false }),
    expected: { rows: [expect.anything()], next: null },
  },
  markNotificationRead: {
    call: async (trx) => {
      const foreign = await trx
        .selectFrom('notifications')
        .select('id')
        .where('tenant_id', '=', b.tenantId)
        .executeTakeFirstOrThrow();
      return notifications.markNotificationRead(recipient(trx), formerMember, foreign.id);
    },
    expected: undefined,
  },
  markAllNotificationsRead: {
    call: (trx) => notifications.markAllNotificationsRead(recipient(trx), formerMember),
    expected: 1,
  },
};

/** The functions of the directory cache. Both tenants have a group with the same id and name. */
const directoryCases: Record<string, FilterCase> = {
  upsertSeenGroups: {
    call: (trx) => directoryGroups.upsertSeenGroups(trx, [{ ...sameGroup, displayName: 'New' }]),
  },
  markUnseenGroupsAbsent: {
    call: (trx) => directoryGroups.markUnseenGroupsAbsent(trx, later),
  },
  listGroups: {
    call: (trx) => directoryGroups.listGroups(trx, { nameContains: 'same' }, page),
    expected: { rows: [expect.anything()], next: null },
  },
  findGroups: {
    call: async (trx) => {
      await trx
        .updateTable('directory_groups')
        .set({ display_name: 'Own' })
        .where('tenant_id', '=', a.tenantId)
        .execute();
      return directoryGroups.findGroups(trx, [sameGroup.groupId]);
    },
    expected: new Map([[sameGroup.groupId, expect.objectContaining({ displayName: 'Own' })]]),
  },
  findGroupIdsByNames: {
    // Over both tenants the name is not unique, and would have no id.
    call: (trx) => directoryGroups.findGroupIdsByNames(trx, ['Same']),
    expected: new Map([['Same', sameGroup.groupId]]),
  },
  hasDirectory: {
    call: (trx) => directoryGroups.hasDirectory(trx),
    expected: false,
  },
};

/** The functions of budgets. Both tenants have taken one request of the same service. */
const budgetCases: Record<string, FilterCase> = {
  takeGraphBudget: {
    call: (trx) => budgetTakes.takeGraphBudget(trx, someBudget),
    expected: expect.objectContaining({ used: 2, workers: 1 }),
  },
  takeGraphBudgetForRestore: {
    call: (trx) =>
      budgetTakes.takeGraphBudgetForRestore(trx, someBudget, {
        ...{ service: someBudget.service, limit: 50, windowSeconds: someBudget.windowSeconds },
      }),
    expected: expect.objectContaining({ used: 2, workers: 1 }),
  },
  noteGraphThrottled: {
    call: (trx) =>
      throttledNotes.noteGraphThrottled(trx, {
        ...{ service: someBudget.service, used: 9, limit: 100, blockedSeconds: 60 },
      }),
  },
};

/** The functions of backup sets. */
const backupCases: Record<string, FilterCase> = {
  insertBackupSet: {
    call: (trx) =>
      backupSets.insertBackupSet(trx, {
        id: b.backupSetId,
        name: 'New',
        origin: 'backup',
        scheduleId: null,
        createdBy: { id: sharedPrincipal, displayName: 'X' },
      }),
  },
  findBackupSetById: {
    call: (trx) => backupSets.findBackupSetById(trx, b.backupSetId),
    expected: undefined,
  },
  listBackupSets: { call: (trx) => backupSets.listBackupSets(trx, page) },
  listBackupSetItems: {
    call: (trx) => backupSets.listBackupSetItems(trx, b.backupSetId, page),
    expected: empty,
  },
  listCapturedItemIds: {
    call: (trx) => chosenItems.listCapturedItemIds(trx, b.backupSetId, [b.pendingItemId]),
    expected: new Set(),
  },
  listPlannedItemIds: {
    call: (trx) => chosenItems.listPlannedItemIds(trx, b.previewRunId, [b.pendingItemId]),
    expected: new Set(),
  },
  recordListing: {
    call: (trx) =>
      backupListings.recordListing(
        trx,
        { backupSetId: b.backupSetId, runId: b.runId, policyType: 'scopeTag' },
        { outcome: 'forbidden' },
      ),
    expected: rejected,
  },
  listListedTypes: {
    call: (trx) => backupListings.listListedTypes(trx, b),
    expected: new Map(),
  },
  sealBackupSet: {
    call: (trx) => backupManifests.sealBackupSet(trx, b.backupSetId, { whole: true }),
    expected: expect.objectContaining({ types: [], contentHash: hashOfNothing }),
  },
  computeManifest: {
    call: (trx) => backupManifests.computeManifest(trx, b.backupSetId),
    expected: expect.objectContaining({ types: [], contentHash: hashOfNothing }),
  },
  planPolicies: {
    call: (trx) =>
      backupPlans.planPolicies(
        trx,
        { runId: a.runId, backupSetId: a.backupSetId, reuseUnchanged: true },
        [b.policyId],
        new Map(),
      ),
    expected: rejected,
  },
  countOrdinals: {
    call: (trx) => backupRunItems.countOrdinals(trx, b.runId),
    expected: 0,
  },
  listPendingItems: {
    call: (trx) => backupRunItems.listPendingItems(trx, b.runId, { from: 0, to: 9 }),
    expected: [],
  },
  insertFailedListing: {
    call: (trx) =>
      backupRunItems.insertFailedListing(trx, {
        runId: b.runId,
        policyType: 'remediation',
        displayName: 'X',
        error: { ...failure('graph_unavailable'), context: {} },
      }),
  },
  recordCaptures: {
    call: (trx) =>
      captures.recordCaptures(trx, twinCipher, b.runId, [
        { itemId: b.pendingItemId, snapshot: snapshotOf(b.policyId) },
      ]),
  },
  recordImports: {
    call: (trx) =>
      captures.recordImports(trx, twinCipher, b.runId, [
        { itemId: b.pendingItemId, snapshot: snapshotOf(b.policyId) },
      ]),
  },
  addItemWarning: {
    call: (trx) =>
      runItems.addItemWarning(trx, b.runId, b.pendingItemId, {
        ...{ code: 'changed', message: 'changed' },
      }),
  },
  countItemAttempts: {
    call: (trx) => itemAttempts.countItemAttempts(trx, b.runId, [b.pendingItemId], 1),
  },
  insertContentReferences: {
    call: (trx) =>
      contentReferences.insertContentReferences(trx, [
        { sha256: b.ownHash, policyType: 'scopeTag', graphId: 'g' },
      ]),
    expected: rejected,
  },
  listUnresolvedReferences: {
    call: (trx) => contentReferences.listUnresolvedReferences(trx, b.backupSetId),
    expected: [],
  },
  warnOfMissingReferences: {
    call: (trx) => contentReferences.warnOfMissingReferences(trx, b, [missing]),
  },
};

/** The functions of exports and imports. Each tenant has an archive with the id of its run. */
const archiveCases: Record<string, FilterCase> = {
  insertArchive: {
    call: (trx) => archives.insertArchive(trx, { id: b.runId, kind: 'export', expiresAt: later }),
    expected: rejected,
  },
  findArchiveById: {
    call: (trx) => archives.findArchiveById(trx, b.runId),
    expected: undefined,
  },
  beginArchive: {
    call: (trx) => archives.beginArchive(trx, b.runId),
    expected: undefined,
  },
  completeArchive: {
    call: (trx) =>
      archives.completeArchive(trx, b.runId, {
        ...{ generation: 0, chunkCount: 1, byteLength: 1, sha256: b.ownHash },
      }),
    expected: false,
  },
  deleteArchive: { call: (trx) => archives.deleteArchive(trx, b.runId) },
  deleteExpiredArchives: { call: (trx) => archives.deleteExpiredArchives(trx) },
  insertArchiveChunk: {
    call: (trx) =>
      archiveChunks.insertArchiveChunk(trx, twinCipher, {
        ...{ archiveId: b.runId, generation: 0, seq: 1, bytes: Buffer.from('x') },
      }),
    expected: false,
  },
  readArchiveChunk: {
    // Refused by the filter, before the cipher of the other tenant could refuse it.
    call: (trx) =>
      archiveChunks
        .readArchiveChunk(trx, twinCipher, { id: b.runId, generation: 0 }, 0)
        .catch((error: unknown) => String(error)),
    expected: expect.stringContaining('is gone'),
  },
  findExportById: {
    call: (trx) => exportsOfRuns.findExportById(trx, b.runId),
    expected: undefined,
  },
  listHeldPolicies: {
    call: (trx) => backupSetContents.listHeldPolicies(trx, b.backupSetId),
    expected: [],
  },
  listHeldTypes: {
    call: (trx) => backupSetContents.listHeldTypes(trx, b.backupSetId),
    expected: [],
  },
  findOrInsertPolicies: {
    call: (trx) =>
      importedPolicies.findOrInsertPolicies(trx, 'scopeTag', [
        { graphId: 'g-1', displayName: 'New', platform: null, lastModifiedAt: null },
      ]),
    expected: [expect.any(String)],
  },
};

const someDefinition = {
  ...{ name: 'New', cron: '0 3 * * *', timeZone: 'UTC' },
  selection: { all: true },
  ...{ keepLast: 1, keepDays: null, jitterSeconds: 0, catchUpSeconds: 60, paused: true },
} as const;

const someDriftTimes = {
  ...{ name: 'New', cron: '0 3 * * *', timeZone: 'UTC' },
  ...{ jitterSeconds: 0, catchUpSeconds: 60, paused: true },
} as const;

/** The functions of schedules, of retention and of verification. */
const scheduleCases: Record<string, FilterCase> = {
  insertSchedule: {
    call: (trx) =>
      schedules.insertSchedule(trx, {
        id: b.scheduleId,
        definition: someDefinition,
        createdBy: { id: sharedPrincipal, displayName: 'X' },
      }),
  },
  'insertSchedule of drift checks': {
    call: (trx) =>
      schedules.insertSchedule(trx, {
        id: uuidv7(),
        definition: { ...someDriftTimes, backupSetId: b.backupSetId },
        createdBy: { id: sharedPrincipal, displayName: 'X' },
      }),
    expected: rejected,
  },
  replaceSchedule: {
    call: (trx) => schedules.replaceSchedule(trx, b.scheduleId, someDefinition),
    expected: undefined,
  },
  'replaceSchedule of drift checks': {
    call: (trx) => {
      const definition = { ...someDriftTimes, backupSetId: a.backupSetId };
      return schedules.replaceSchedule(trx, b.driftScheduleId, definition);
    },
    expected: undefined,
  },
  findScheduleOfKind: {
    call: (trx) => schedules.findScheduleOfKind(trx, 'drift', b.driftScheduleId),
    expected: undefined,
  },
  'findScheduleOfKind of backups': {
    call: (trx) => schedules.findScheduleOfKind(trx, 'backup', b.scheduleId),
    expected: undefined,
  },
  findScheduleById: {
    call: (trx) => schedules.findScheduleById(trx, b.scheduleId),
    expected: undefined,
  },
  listSchedules: {
    call: (trx) => schedules.listSchedules(trx, 'backup', page),
    expected: { rows: [expect.anything()], next: null },
  },
  pauseSchedule: {
    call: (trx) => schedules.pauseSchedule(trx, b.scheduleId, true),
    expected: undefined,
  },
  deleteSchedule: {
    call: (trx) => schedules.deleteSchedule(trx, b.scheduleId),
    expected: false,
  },
  noteScheduleState: {
    call: async (trx) => {
      const of = await trx
        .selectFrom('backup_schedules')
        .select(['id', 'revision'])
        .where('tenant_id', '=', b.tenantId)
        .executeTakeFirstOrThrow();
      const state = { paused: true, nextRunAt: later };
      await scheduleStates.noteScheduleState(trx, of, state);
    },
  },
  noteScheduledRun: {
    call: (trx) =>
      scheduleStates.noteScheduledRun(trx, b.scheduleId, {
        ...{ runId: b.runId, firingId: null },
      }),
  },
  lockSchedule: {
    call: (trx) => scheduleStates.lockSchedule(trx, b.scheduleId),
    expected: undefined,
  },
  'listSchedules of drift checks': {
    call: (trx) => schedules.listSchedules(trx, 'drift', page),
    expected: { rows: [expect.anything()], next: null },
  },
  lockBackupSetForUse: {
    call: (trx) => backupSets.lockBackupSetForUse(trx, b.backupSetId),
    expected: false,
  },
  listRetentionRules: {
    call: (trx) => retention.listRetentionRules(retentionTrx(trx)),
    expected: [expect.objectContaining({ keep_days: 1 })],
  },
  markExpiredSets: {
    call: (trx) =>
      retention.markExpiredSets(retentionTrx(trx), {
        ...{ id: b.scheduleId, keep_last: null, keep_days: 1 },
      }),
    expected: [],
  },
  listGoingSets: {
    call: (trx) => retention.listGoingSets(retentionTrx(trx)),
    expected: [expect.any(String)],
  },
  deletePieceOfSet: {
    call: (trx) => retention.deletePieceOfSet(retentionTrx(trx), b.goingSetId, 100),
    expected: false,
  },
  deleteOrphanContents: {
    call: (trx) => retention.deleteOrphanContents(retentionTrx(trx), 100),
    expected: 1,
  },
  listContentHashes: {
    call: (trx) => verification.listContentHashes(trx, { after: null, limit: 100 }),
    expected: [expect.any(Buffer), expect.any(Buffer)],
  },
  verifyContent: {
    call: (trx) => verification.verifyContent(trx, twinCipher, b.ownHash),
    expected: 'gone',
  },
  checkContent: {
    call: (trx) => verification.checkContent(trx, twinCipher, b.ownHash),
    expected: 'gone',
  },
  noteSoundContents: {
    call: (trx) => verification.noteSoundContents(trx, [b.ownHash]),
  },
  listSnapshotIdsOfContent: {
    call: async (trx) => {
      const { sha256 } = await trx
        .selectFrom('snapshots')
        .select('sha256')
        .where('id', '=', b.snapshotId)
        .executeTakeFirstOrThrow();
      return verification.listSnapshotIdsOfContent(trx, sha256, 10);
    },
    expected: [expect.any(String)],
  },
};

const allCases: Readonly<Record<string, FilterCase>> = {
  ...cases,
  ...backupCases,
  ...budgetCases,
  ...directoryCases,
  ...scheduleCases,
  ...archiveCases,
};

const recipient = (trx: TenantTrx) => principalsTrx(trx, [formerMember]);

/** Functions without a transaction of a tenant, and the reasons. */
const withoutTenant: Record<string, string> = {
  belongsToAnotherTenant:
    'asks whose an id is, over the two columns that the dispatcher role may see',
  contentsInOrder: 'reads by readSnapshotContent, in transactions of its own',
  databaseNow: 'reads a clock',
  holdSnapshot: 'sets up the transaction',
  findScheduleAcrossTenants:
    'asks whose an id is, over the two columns that the dispatcher role may see',
  listSchedulesAcrossTenants:
    'rounds over all tenants, over the columns that the dispatcher may see',
  listTenantsForRounds: 'rounds over all tenants, over the column that the dispatcher may see',
  findRunAcrossTenants: 'the reconciler, over the columns that the dispatcher role may see',
  listStaleActiveRuns: 'the reconciler, over the columns that the dispatcher role may see',
};

describe('a repository function, without row-level security behind it', () => {
  // Catches: a repository function never tried with another tenant's ids.
  it('every repository function has a case here or a reason why not', () => {
    const modules = [
      archiveChunks,
      archives,
      auditChain,
      auditEvents,
      backupListings,
      backupManifests,
      backupPlans,
      backupRunItems,
      backupSetContents,
      backupSets,
      captures,
      itemAttempts,
      chosenItems,
      contentReferences,
      directoryGroups,
      exportsOfRuns,
      foreignIds,
      throttledNotes,
      budgetTakes,
      importedPolicies,
      members,
      notifications,
      policies,
      restoreAudit,
      retention,
      runCounts,
      runItems,
      runs,
      scheduleStates,
      schedules,
      schedulesAcrossTenants,
      snapshots,
      tenants,
      verification,
    ];
    const functions = modules
      .flatMap((module) => Object.entries(module))
      .flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
    // A function may have several cases: `insertSchedule of drift checks`.
    const tried = Object.keys(allCases).map((name) => name.split(' ', 1)[0]);
    const known = [...new Set([...tried, ...Object.keys(withoutTenant)])];
    expect(known.sort()).toEqual(functions.sort());
  });

  // Catches, one mutation a case: the removal of its "where tenant_id".
  it.each(Object.keys(allCases))(
    '%s leaves the other tenant alone without row-level security',
    async (name) => {
      const one = allCases[name]!;
      const { result, before, after } = await withoutFence(
        database,
        { own: a.tenantId, foreign: b.tenantId },
        one,
      );
      expect(after).toEqual(before);
      if (Object.hasOwn(one, 'expected')) expect(result).toEqual(one.expected);
      if (name !== 'insertTenant') expect(JSON.stringify(result) ?? '').not.toContain(b.tenantId);
    },
  );

  // Catches: a join over the hash alone, which doubles the rows of content that two tenants have.
  it('joins stay within the tenant', async () => {
    const rows = await inTenant(database.owner.db, a.tenantId, async (trx) => [
      await snapshots.listSnapshotsOfPolicy(trx, a.policyId, page),
      await tenants.listTenantsOfPrincipals(principalsTrx(trx, [sharedPrincipal]), page),
    ]);
    expect(rows.map((each) => each.rows.length)).toEqual([1, 2]);
    expect(rows[1]?.rows.map((row) => 'roles' in row && row.roles)).toEqual(
      expect.arrayContaining([['reader'], ['owner']]),
    );
  });
});
