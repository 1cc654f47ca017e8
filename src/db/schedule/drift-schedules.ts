import type { TenantTrx } from '#db/database.ts';
import type { Page, PageRequest } from '#db/page.ts';
import type { DriftScheduleRow, ScheduleRow } from '#db/tables.ts';
import { columnsOfTimes, newRevision, type ScheduleTimes } from './schedule-columns.ts';
import { isDriftSchedule } from './schedule-kinds.ts';
import { findScheduleById, listSchedules, type WithLastRun } from './schedules.ts';

/** What somebody says of a schedule of drift checks. */
export interface DriftScheduleDefinition extends ScheduleTimes {
  /** What the tenant is compared with. As long as a schedule names it, retention leaves it. */
  readonly backupSetId: string;
}

const columnsOf = (definition: DriftScheduleDefinition) => ({
  ...columnsOfTimes(definition),
  backup_set_id: definition.backupSetId,
});

/** Inserts a schedule, whose set somebody holds; when it runs next is for Temporal to say. */
export function insertDriftSchedule(
  trx: TenantTrx,
  schedule: {
    readonly id: string;
    readonly definition: DriftScheduleDefinition;
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

/** Replaces a schedule of drift checks as a whole. Undefined when there is none. */
export function replaceDriftSchedule(
  trx: TenantTrx,
  scheduleId: string,
  definition: DriftScheduleDefinition,
): Promise<ScheduleRow | undefined> {
  return trx
    .updateTable('backup_schedules')
    .set({ ...columnsOf(definition), revision: newRevision() })
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', scheduleId)
    .where('backup_set_id', 'is not', null)
    .returningAll()
    .executeTakeFirst();
}

/** A schedule of drift checks by its id, with the last run that it has made. */
export async function findDriftScheduleById(
  trx: TenantTrx,
  scheduleId: string,
): Promise<WithLastRun<DriftScheduleRow> | undefined> {
  const row = await findScheduleById(trx, scheduleId);
  return row !== undefined && isDriftSchedule(row) ? row : undefined;
}

/** The schedules of drift checks of a tenant, newest first, each with its last run. */
export async function listDriftSchedules(
  trx: TenantTrx,
  page: PageRequest,
): Promise<Page<WithLastRun<DriftScheduleRow>>> {
  const { rows, next } = await listSchedules(trx, 'drift', page);
  return { rows: rows.filter(isDriftSchedule), next };
}
