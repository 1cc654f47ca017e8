import type { TenantTrx } from '#db/database.ts';
import type { Page, PageRequest } from '#db/page.ts';
import type { BackupScheduleRow, ScheduleRow } from '#db/tables.ts';
import type { BackupSelection } from '#domain/run/work.ts';
import { columnsOfTimes, newRevision, type ScheduleTimes } from './schedule-columns.ts';
import { isBackupSchedule } from './schedule-kinds.ts';
import { findScheduleById, listSchedules, type WithLastRun } from './schedules.ts';

/** What somebody says of a schedule of backups; everything else follows from it. */
export interface ScheduleDefinition extends ScheduleTimes {
  readonly selection: BackupSelection;
  readonly keepLast: number | null;
  readonly keepDays: number | null;
}

const columnsOf = (definition: ScheduleDefinition) => ({
  ...columnsOfTimes(definition),
  selection: JSON.stringify(definition.selection),
  keep_last: definition.keepLast,
  keep_days: definition.keepDays,
});

/** Inserts a schedule; when it runs next is for Temporal to say. */
export function insertBackupSchedule(
  trx: TenantTrx,
  schedule: {
    readonly id: string;
    readonly definition: ScheduleDefinition;
    readonly createdBy: { readonly id: string; readonly displayName: string };
  },
): Promise<ScheduleRow> {
  return trx
    .insertInto('backup_schedules')
    .values({
      tenant_id: trx.tenantId,
      id: schedule.id,
      ...columnsOf(schedule.definition),
      created_by_id: schedule.createdBy.id,
      created_by_name: schedule.createdBy.displayName,
      revision: newRevision(),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Replaces a schedule of backups as a whole. Undefined when there is none. */
export function replaceBackupSchedule(
  trx: TenantTrx,
  scheduleId: string,
  definition: ScheduleDefinition,
): Promise<ScheduleRow | undefined> {
  return trx
    .updateTable('backup_schedules')
    .set({ ...columnsOf(definition), revision: newRevision() })
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', scheduleId)
    .where('selection', 'is not', null)
    .returningAll()
    .executeTakeFirst();
}

/** A schedule of backups by its id, with the last run that it has made. */
export async function findBackupScheduleById(
  trx: TenantTrx,
  scheduleId: string,
): Promise<WithLastRun<BackupScheduleRow> | undefined> {
  const row = await findScheduleById(trx, scheduleId);
  return row !== undefined && isBackupSchedule(row) ? row : undefined;
}

/** The schedules of backups of a tenant, newest first, each with its last run. */
export async function listBackupSchedules(
  trx: TenantTrx,
  page: PageRequest,
): Promise<Page<WithLastRun<BackupScheduleRow>>> {
  const { rows, next } = await listSchedules(trx, 'backup', page);
  return { rows: rows.filter(isBackupSchedule), next };
}
