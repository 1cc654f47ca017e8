import type { DispatcherTrx, TenantTrx } from '#db/database.ts';
import { type Page, type PageRequest, toPage } from '#db/page.ts';
import type { RunRow, ScheduleRow } from '#db/tables.ts';
import { newRevision } from './schedule-columns.ts';

// Schedules of both kinds: those that back up a selection, and those that compare a backup set with the tenant.

/** A schedule with the last run that it has made. */
export type WithLastRun<Row extends ScheduleRow> = Row & { readonly last_run: RunRow | null };

/** Lets a schedule rest, or go on. Undefined when there is none. */
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

/** Removes a schedule and leaves what it has made. Returns false when there was none. */
export async function deleteSchedule(trx: TenantTrx, scheduleId: string): Promise<boolean> {
  const deleted = await trx
    .deleteFrom('backup_schedules')
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', scheduleId)
    .executeTakeFirst();
  return deleted.numDeletedRows === 1n;
}

/** Notes what Temporal says of a schedule: when it runs next, and whether somebody has paused it there. */
export async function noteScheduleState(
  trx: TenantTrx,
  of: Pick<ScheduleRow, 'id' | 'revision'>,
  state: { readonly paused: boolean; readonly nextRunAt: Date | null },
): Promise<void> {
  await trx
    .updateTable('backup_schedules')
    .set({ paused: state.paused, next_run_at: state.nextRunAt })
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', of.id)
    // What Temporal says of an earlier revision is no longer true.
    .where('revision', '=', of.revision)
    .execute();
}

/** Notes the run that a schedule has made, and by which firing; null where a person asked for it. */
export async function noteScheduledRun(
  trx: TenantTrx,
  scheduleId: string,
  made: { readonly runId: string; readonly firingId: string | null },
): Promise<void> {
  await trx
    .updateTable('backup_schedules')
    .set({ last_run_id: made.runId, last_firing_id: made.firingId })
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', scheduleId)
    .execute();
}

/** A schedule, locked until the transaction ends: what compares it with Temporal must not meet it half changed. */
export function lockSchedule(trx: TenantTrx, scheduleId: string): Promise<ScheduleRow | undefined> {
  return trx
    .selectFrom('backup_schedules')
    .selectAll()
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', scheduleId)
    .forUpdate()
    .executeTakeFirst();
}

/** A schedule of either kind by its id. */
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

/** The schedules of one kind that a tenant has, newest first. */
export async function listSchedules(
  trx: TenantTrx,
  kind: 'backup' | 'drift',
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

/** Whose schedule an id is; undefined when nobody's. */
export function findScheduleAcrossTenants(
  trx: DispatcherTrx,
  scheduleId: string,
): Promise<Pick<ScheduleRow, 'tenant_id' | 'id'> | undefined> {
  return trx
    .selectFrom('backup_schedules')
    .select(['tenant_id', 'id'])
    .where('id', '=', scheduleId)
    .executeTakeFirst();
}

/**
 * The ids of the schedules of all tenants, in their order.
 * @param after the last id of the page before, or null.
 */
export function listSchedulesAcrossTenants(
  trx: DispatcherTrx,
  page: { readonly after: string | null; readonly limit: number },
): Promise<Pick<ScheduleRow, 'tenant_id' | 'id'>[]> {
  return trx
    .selectFrom('backup_schedules')
    .select(['tenant_id', 'id'])
    .$if(page.after !== null, (query) => query.where('id', '>', page.after))
    .orderBy('id')
    .limit(page.limit)
    .execute();
}
