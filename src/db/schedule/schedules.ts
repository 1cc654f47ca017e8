import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';
import { type Page, type PageRequest, toPage } from '#db/page.ts';
import type { RunRow, ScheduleRow } from '#db/tables.ts';
import type { BackupSelection } from '#domain/run/run-requests.ts';
import { isScheduleOf, type RowOfKind, type ScheduleKind } from './schedule-kinds.ts';

interface ScheduleTimes {
  readonly name: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly jitterSeconds: number;
  readonly catchUpSeconds: number;
  readonly paused: boolean;
}

/** The definition of a schedule that backs up a selection. */
export interface BackupScheduleDefinition extends ScheduleTimes {
  readonly selection: BackupSelection;
  readonly keepLast: number | null;
  readonly keepDays: number | null;
}

/** The definition of a schedule that compares a backup set with the tenant. */
export interface DriftScheduleDefinition extends ScheduleTimes {
  /** Retention keeps the set as long as a schedule names it; the caller has locked it for use. */
  readonly backupSetId: string;
}

export type ScheduleDefinition = BackupScheduleDefinition | DriftScheduleDefinition;

/** A schedule with the last run that it has started. */
export type WithLastRun<Row extends ScheduleRow> = Row & { readonly last_run: RunRow | null };

/** A new value with every change: it tells whether Temporal's copy is the present one. */
const newRevision = () => sql<string>`gen_random_uuid()`;

function columnsOf(definition: ScheduleDefinition) {
  const { name, cron, paused } = definition;
  const columns = {
    ...{ name, cron, paused, time_zone: definition.timeZone, revision: newRevision() },
    ...{ jitter_seconds: definition.jitterSeconds, catch_up_seconds: definition.catchUpSeconds },
  };
  if ('backupSetId' in definition) return { ...columns, backup_set_id: definition.backupSetId };
  const { selection, keepLast, keepDays } = definition;
  const kept = { keep_last: keepLast, keep_days: keepDays };
  return { ...columns, ...kept, selection: JSON.stringify(selection) };
}

/** Inserts a schedule; its next run is unknown until Temporal has it. */
export function insertSchedule(
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
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Replaces the definition of a schedule; undefined if the tenant has no such schedule of the definition's kind. */
export function replaceSchedule(
  trx: TenantTrx,
  scheduleId: string,
  definition: ScheduleDefinition,
): Promise<ScheduleRow | undefined> {
  return trx
    .updateTable('backup_schedules')
    .set(columnsOf(definition))
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', scheduleId)
    .where('backup_set_id', 'backupSetId' in definition ? 'is not' : 'is', null)
    .returningAll()
    .executeTakeFirst();
}

/** Pauses or resumes a schedule; undefined if the tenant has no such schedule. */
export function pauseSchedule(
  trx: TenantTrx,
  scheduleId: string,
  paused: boolean,
): Promise<ScheduleRow | undefined> {
  return trx
    .updateTable('backup_schedules')
    .set({ paused, revision: newRevision() })
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', scheduleId)
    .returningAll()
    .executeTakeFirst();
}

/** Deletes a schedule but none of its runs or backup sets. @returns false if the tenant has no such schedule. */
export async function deleteSchedule(trx: TenantTrx, scheduleId: string): Promise<boolean> {
  const deleted = await trx
    .deleteFrom('backup_schedules')
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', scheduleId)
    .executeTakeFirst();
  return deleted.numDeletedRows === 1n;
}

/** Finds a schedule of either kind by its id, with its last run. */
export async function findScheduleById(
  trx: TenantTrx,
  scheduleId: string,
): Promise<WithLastRun<ScheduleRow> | undefined> {
  const row = await trx
    .selectFrom('backup_schedules')
    .selectAll()
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', scheduleId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const [schedule] = await withLastRuns(trx, [row]);
  return schedule;
}

/** Finds a schedule of one kind by its id, with its last run. */
export async function findScheduleOfKind<Kind extends ScheduleKind>(
  trx: TenantTrx,
  kind: Kind,
  scheduleId: string,
): Promise<WithLastRun<RowOfKind[Kind]> | undefined> {
  const row = await findScheduleById(trx, scheduleId);
  return row !== undefined && isScheduleOf(kind, row) ? row : undefined;
}

/** Lists the schedules of one kind, newest first, each with its last run. */
export async function listSchedules(
  trx: TenantTrx,
  kind: ScheduleKind,
  page: PageRequest,
): Promise<Page<WithLastRun<ScheduleRow>>> {
  const rows = await trx
    .selectFrom('backup_schedules')
    .selectAll()
    .where('tenant_id', '=', trx.tenantId)
    .where('backup_set_id', kind === 'backup' ? 'is' : 'is not', null)
    .$if(page.before !== null, (query) => query.where('id', '<', page.before))
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute();
  return toPage(await withLastRuns(trx, rows), page.limit, (row) => row.id);
}

async function withLastRuns(
  trx: TenantTrx,
  schedules: readonly ScheduleRow[],
): Promise<WithLastRun<ScheduleRow>[]> {
  const ids = schedules.flatMap(({ last_run_id }) => last_run_id ?? []);
  const runs =
    ids.length === 0
      ? []
      : await trx
          .selectFrom('runs')
          .selectAll()
          .where('tenant_id', '=', trx.tenantId)
          .where('id', 'in', ids)
          .execute();
  const byId = new Map(runs.map((run) => [run.id, run]));
  return schedules.map((row) => ({ ...row, last_run: byId.get(row.last_run_id ?? '') ?? null }));
}
