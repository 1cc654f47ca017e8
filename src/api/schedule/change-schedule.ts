import type { Caller } from '#api/http/caller.ts';
import type { ApiDependencies } from '#api/http/dependencies.ts';
import { notFound } from '#api/http/problem.ts';
import { insertAuditEvent } from '#db/audit/audit-events.ts';
import { inTenant, type TenantTrx } from '#db/database.ts';
import { scheduleNoun } from '#db/schedule/schedule-kinds.ts';
import { noteScheduleState } from '#db/schedule/schedule-state.ts';
import { findScheduleById, type WithLastRun } from '#db/schedule/schedules.ts';
import type { ScheduleRow } from '#db/tables.ts';

interface Change {
  readonly tenantId: string;
  readonly caller: Caller;
  /** The verb of the audit event. */
  readonly done: 'created' | 'replaced' | 'paused' | 'resumed';
}

/**
 * Changes the row of a schedule and Temporal's copy of it, both or neither. Temporal comes after the row: if it does not
 * answer, the row stays as it was and the caller is told to try again. If Temporal took the change but its answer was lost, or
 * the commit fails, its copy has a revision that no row has: the next round of maintenance aligns it, and a copy without a
 * row removes itself when it fires. The row stays locked meanwhile, so two concurrent changes reach Temporal in the
 * order of the row.
 * @param change writes the row; undefined if there is none.
 */
export function changeSchedule(
  deps: ApiDependencies,
  { tenantId, caller, done }: Change,
  change: (trx: TenantTrx) => Promise<ScheduleRow | undefined>,
): Promise<WithLastRun<ScheduleRow>> {
  return inTenant(deps.db, tenantId, async (trx) => {
    const row = await change(trx);
    if (row === undefined) throw notFound();
    await noteScheduleState(trx, row, await deps.schedules.put(row));
    // After Temporal has answered: from here on, other audit events of the tenant wait for this transaction.
    const type = scheduleNoun(row);
    await insertAuditEvent(trx, {
      actor: caller.principalId,
      action: `${type}.${done}`,
      target: { type, id: row.id },
      details: detailsOf(row),
    });
    const changed = await findScheduleById(trx, row.id);
    if (changed === undefined) throw new Error('a locked schedule is gone');
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
