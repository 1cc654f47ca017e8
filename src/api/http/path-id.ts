import { findExportById, type FoundExport } from '#db/archive/exports.ts';
import { type BackupSetSummary, findBackupSetById } from '#db/backup/backup-sets.ts';
import { asDispatcher, type TenantTrx } from '#db/database.ts';
import { belongsToAnotherTenant, type IdentifiedTable } from '#db/foreign-ids.ts';
import { findPolicyById } from '#db/inventory/policies.ts';
import { findRunById } from '#db/run/runs.ts';
import { findScheduleOfKind, type WithLastRun } from '#db/schedule/schedules.ts';
import { findSnapshotById, type SnapshotSummary } from '#db/snapshot/snapshots.ts';
import type { MemberRow, PolicyRow, RunRow, ScheduleRow } from '#db/tables.ts';
import { findMember } from '#db/tenant/members.ts';
import { guidPattern, principalPattern } from '#domain/identity/principal.ts';
import type { ApiDependencies } from './dependencies.ts';
import { forbidden, notFound, type Problem } from './problem.ts';

/** An id in a path under a tenant: its form, its lookup, and the table to search for foreign ids. */
export interface PathId<Row> {
  /** The name in the path. */
  readonly parameter: string;
  /** The form of an id; no object has any other id. */
  readonly pattern: RegExp;
  /** The table in which an id belongs to one tenant; null for principals, who may be members of several. */
  readonly table: IdentifiedTable | null;
  readonly find: (trx: TenantTrx, id: string) => Promise<Row | undefined>;
}

export const policyInPath: PathId<PolicyRow> = {
  parameter: 'policyId',
  pattern: guidPattern,
  table: 'policies',
  find: findPolicyById,
};

export const runInPath: PathId<RunRow> = {
  parameter: 'runId',
  pattern: guidPattern,
  table: 'runs',
  find: findRunById,
};

export const snapshotInPath: PathId<SnapshotSummary> = {
  parameter: 'snapshotId',
  pattern: guidPattern,
  table: 'snapshots',
  find: findSnapshotById,
};

export const backupSetInPath: PathId<BackupSetSummary> = {
  parameter: 'backupSetId',
  pattern: guidPattern,
  table: 'backup_sets',
  find: findBackupSetById,
};

export const backupScheduleInPath: PathId<WithLastRun<ScheduleRow>> = {
  parameter: 'scheduleId',
  pattern: guidPattern,
  table: 'backup_schedules',
  find: (trx, id) => findScheduleOfKind(trx, 'backup', id),
};

export const driftScheduleInPath: PathId<WithLastRun<ScheduleRow>> = {
  parameter: 'driftScheduleId',
  pattern: guidPattern,
  table: 'backup_schedules',
  find: (trx, id) => findScheduleOfKind(trx, 'drift', id),
};

/** An export has the id of its run. */
export const exportInPath: PathId<FoundExport> = {
  parameter: 'exportId',
  pattern: guidPattern,
  table: 'runs',
  find: findExportById,
};

export const memberInPath: PathId<MemberRow> = {
  parameter: 'principalId',
  pattern: principalPattern,
  table: null,
  find: findMember,
};

/** The id in the form of the database; null for a text of another form. */
export function readPathId(text: string | undefined, pattern: RegExp): string | null {
  const id = (text ?? '').toLowerCase();
  return pattern.test(id) ? id : null;
}

/** The refusal of an id outside of the tenant: 403 for another tenant's id, 404 for an unknown one. */
export async function problemOfMissingId<Row>(
  deps: ApiDependencies,
  tenantId: string,
  { table }: PathId<Row>,
  id: string | null,
): Promise<Problem> {
  if (id === null || table === null) return notFound();
  const foreign = await asDispatcher(deps.db, (trx) =>
    belongsToAnotherTenant(trx, tenantId, table, id),
  );
  return foreign ? forbidden() : notFound();
}
