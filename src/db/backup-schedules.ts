import { sql } from 'kysely';
import type { BackupSelection } from '../domain/work.ts';
import type { Trx } from './database.ts';
import { type Page, type PageRequest, toPage } from './page.ts';
import type { BackupScheduleRow, RunRow } from './tables.ts';

/** What somebody says of a schedule; everything else follows from it. */
export interface ScheduleDefinition {
  readonly name: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly selection: BackupSelection;
  readonly keepLast: number | null;
  readonly keepDays: number | null;
  readonly jitterSeconds: number;
  readonly catchUpSeconds: number;
  readonly paused: boolean;
}

const columnsOf = (definition: ScheduleDefinition) => ({
  name: definition.name,
  cron: definition.cron,
  time_zone: definition.timeZone,
  selection: JSON.stringify(definition.selection),
  keep_last: definition.keepLast,
  keep_days: definition.keepDays,
  jitter_seconds: definition.jitterSeconds,
  catch_up_seconds: definition.catchUpSeconds,
  paused: definition.paused,
});

/** Inserts a schedule; when it runs next is for Temporal to say. */
export function insertBackupSchedule(
  trx: Trx,
  tenantId: string,
  schedule: {
    readonly id: string;
    readonly definition: ScheduleDefinition;
    readonly createdBy: { readonly id: string; readonly displayName: string };
  },
): Promise<BackupScheduleRow> {
  return trx
    .insertInto('backup_schedules')
    .values({
      tenant_id: tenantId,
      id: schedule.id,
      ...columnsOf(schedule.definition),
      created_by_id: schedule.createdBy.id,
      created_by_name: schedule.createdBy.displayName,
      revision: sql<string>`gen_random_uuid()`,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Changes a schedule, wholly or only whether it is paused. Undefined when there is none. */
export function changeBackupSchedule(
  trx: Trx,
  tenantId: string,
  scheduleId: string,
  change: ScheduleDefinition | { readonly paused: boolean },
): Promise<BackupScheduleRow | undefined> {
  return trx
    .updateTable('backup_schedules')
    .set({
      ...('cron' in change ? columnsOf(change) : change),
      revision: sql<string>`gen_random_uuid()`,
    })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', scheduleId)
    .returningAll()
    .executeTakeFirst();
}

/** Removes a schedule and leaves what it has made. Returns false when there was none. */
export async function deleteBackupSchedule(
  trx: Trx,
  tenantId: string,
  scheduleId: string,
): Promise<boolean> {
  const deleted = await trx
    .deleteFrom('backup_schedules')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', scheduleId)
    .executeTakeFirst();
  return deleted.numDeletedRows === 1n;
}

/** Notes what Temporal says of a schedule: when it runs next, and whether somebody has paused it there. */
export async function noteScheduleState(
  trx: Trx,
  tenantId: string,
  of: Pick<BackupScheduleRow, 'id' | 'revision'>,
  state: { readonly paused: boolean; readonly nextRunAt: Date | null },
): Promise<void> {
  await trx
    .updateTable('backup_schedules')
    .set({ paused: state.paused, next_run_at: state.nextRunAt })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', of.id)
    // What Temporal says of an earlier revision is no longer true.
    .where('revision', '=', of.revision)
    .execute();
}

/** Notes the run that a schedule has made, and by which firing; null where a person asked for it. */
export async function noteScheduledRun(
  trx: Trx,
  tenantId: string,
  scheduleId: string,
  made: { readonly runId: string; readonly firingId: string | null },
): Promise<void> {
  await trx
    .updateTable('backup_schedules')
    .set({ last_run_id: made.runId, last_firing_id: made.firingId })
    .where('tenant_id', '=', tenantId)
    .where('id', '=', scheduleId)
    .execute();
}

/** A schedule, locked until the transaction ends: what compares it with Temporal must not meet it half changed. */
export function lockBackupSchedule(
  trx: Trx,
  tenantId: string,
  scheduleId: string,
): Promise<BackupScheduleRow | undefined> {
  return trx
    .selectFrom('backup_schedules')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('id', '=', scheduleId)
    .forUpdate()
    .executeTakeFirst();
}

export type ScheduleWithLastRun = BackupScheduleRow & { readonly last_run: RunRow | null };

/** A schedule by its id, with the last run that it has made. */
export async function findBackupScheduleById(
  trx: Trx,
  tenantId: string,
  scheduleId: string,
): Promise<ScheduleWithLastRun | undefined> {
  const row = await trx
    .selectFrom('backup_schedules')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('id', '=', scheduleId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const [schedule] = await withLastRuns(trx, tenantId, [row]);
  return schedule;
}

/** The schedules of a tenant, newest first, each with its last run. */
export async function listBackupSchedules(
  trx: Trx,
  tenantId: string,
  page: PageRequest,
): Promise<Page<ScheduleWithLastRun>> {
  const rows = await trx
    .selectFrom('backup_schedules')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .$if(page.before !== null, (query) => query.where('id', '<', page.before))
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute();
  return toPage(await withLastRuns(trx, tenantId, rows), page.limit, (row) => row.id);
}

async function withLastRuns(
  trx: Trx,
  tenantId: string,
  schedules: readonly BackupScheduleRow[],
): Promise<ScheduleWithLastRun[]> {
  const ids = schedules.flatMap(({ last_run_id }) => last_run_id ?? []);
  const runs =
    ids.length === 0
      ? []
      : await trx
          .selectFrom('runs')
          .selectAll()
          .where('tenant_id', '=', tenantId)
          .where('id', 'in', ids)
          .execute();
  const byId = new Map(runs.map((run) => [run.id, run]));
  return schedules.map((row) => ({ ...row, last_run: byId.get(row.last_run_id ?? '') ?? null }));
}

/** Whose schedule an id is; undefined when nobody's. Takes a transaction of asDispatcher. */
export function findScheduleAcrossTenants(
  trx: Trx,
  scheduleId: string,
): Promise<Pick<BackupScheduleRow, 'tenant_id' | 'id'> | undefined> {
  return trx
    .selectFrom('backup_schedules')
    .select(['tenant_id', 'id'])
    .where('id', '=', scheduleId)
    .executeTakeFirst();
}

/**
 * The ids of the schedules of all tenants, in their order. Takes a transaction of asDispatcher.
 * @param after the last id of the page before, or null.
 */
export function listSchedulesAcrossTenants(
  trx: Trx,
  page: { readonly after: string | null; readonly limit: number },
): Promise<Pick<BackupScheduleRow, 'tenant_id' | 'id'>[]> {
  return trx
    .selectFrom('backup_schedules')
    .select(['tenant_id', 'id'])
    .$if(page.after !== null, (query) => query.where('id', '>', page.after))
    .orderBy('id')
    .limit(page.limit)
    .execute();
}
