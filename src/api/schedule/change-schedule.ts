import type { Caller } from '#api/http/caller.ts';
import type { ApiDependencies } from '#api/http/dependencies.ts';
import type { PathId } from '#api/http/path-id.ts';
import { notFound } from '#api/http/problem.ts';
import { insertAuditEvent } from '#db/audit/audit-events.ts';
import { inTenant, type TenantTrx } from '#db/database.ts';
import { scheduleNoun } from '#db/schedule/schedule-kinds.ts';
import { noteScheduleState, type WithLastRun } from '#db/schedule/schedules.ts';
import type { ScheduleRow } from '#db/tables.ts';

interface Change<Row extends ScheduleRow> {
  readonly tenantId: string;
  readonly caller: Caller;
  /** What was done, for the audit trail. */
  readonly done: 'created' | 'replaced' | 'paused' | 'resumed';
  readonly find: PathId<WithLastRun<Row>>['find'];
}

/**
 * Changes the row of a schedule and Temporal's copy of it, both or neither. Temporal comes after the row: if
 * it does not answer, the row stays as it was and the caller is told to try again. If it has done what was asked all the
 * same, or the commit fails after it, its copy bears a revision that no row has, and the next round of maintenance puts
 * it right; a copy without any row removes itself when it fires. The row stays locked meanwhile, so that of two changes
 * at once the later one is also the later one in Temporal.
 * @param change writes the row; undefined where there is none.
 */
export function changeSchedule<Row extends ScheduleRow>(
  deps: ApiDependencies,
  { tenantId, caller, done, find }: Change<Row>,
  change: (trx: TenantTrx) => Promise<ScheduleRow | undefined>,
): Promise<WithLastRun<Row>> {
  return inTenant(deps.db, tenantId, async (trx) => {
    const row = await change(trx);
    if (row === undefined) throw notFound();
    await noteScheduleState(trx, row, await deps.schedules.put(row));
    // After Temporal has answered: whatever else the tenant writes into its audit trail waits from here on.
    const type = scheduleNoun(row);
    await insertAuditEvent(trx, {
      actor: caller.principalId,
      action: `${type}.${done}`,
      target: { type, id: row.id },
      details: detailsOf(row),
    });
    const changed = await find(trx, row.id);
    if (changed === undefined) throw new Error('a schedule is gone that was locked');
    return changed;
  });
}

function detailsOf(row: ScheduleRow) {
  const { selection, backup_set_id: backupSetId, keep_last: keepLast, keep_days: keepDays } = row;
  return {
    ...{ name: row.name, cron: row.cron, timeZone: row.time_zone, paused: row.paused },
    ...(selection === null ? { backupSetId } : { selection, keepLast, keepDays }),
  };
}
