import { insertAuditEvent } from '../db/audit-events.ts';
import {
  findBackupScheduleById,
  noteScheduleState,
  type ScheduleWithLastRun,
} from '../db/backup-schedules.ts';
import { inTenant, type Trx } from '../db/database.ts';
import type { BackupScheduleRow } from '../db/tables.ts';
import type { Caller } from './caller.ts';
import type { ApiDependencies } from './dependencies.ts';
import { notFound } from './problem.ts';

/**
 * Changes the row of a schedule and Temporal's copy of it, both or neither. Temporal comes last, before the commit: if
 * it does not answer, the row stays as it was and the caller is told to try again. If it has done what was asked all the
 * same, or the commit fails after it, its copy bears a revision that no row has, and the next round of maintenance puts
 * it right; a copy without any row removes itself when it fires. The row stays locked meanwhile, so that of two changes
 * at once the later one is also the later one in Temporal.
 * @param change writes the row; undefined where there is none.
 */
export function changeSchedule(
  deps: ApiDependencies,
  by: { readonly tenantId: string; readonly caller: Caller; readonly action: string },
  change: (trx: Trx) => Promise<BackupScheduleRow | undefined>,
): Promise<ScheduleWithLastRun> {
  const { tenantId } = by;
  return inTenant(deps.db, tenantId, async (trx) => {
    const row = await change(trx);
    if (row === undefined) throw notFound();
    await insertAuditEvent(trx, tenantId, {
      actor: by.caller.principalId,
      action: by.action,
      target: { type: 'backup_schedule', id: row.id },
      details: detailsOf(row),
    });
    await noteScheduleState(trx, tenantId, row, await deps.schedules.put(row));
    const changed = await findBackupScheduleById(trx, tenantId, row.id);
    if (changed === undefined) throw new Error('a schedule is gone that was locked');
    return changed;
  });
}

function detailsOf(row: BackupScheduleRow) {
  return {
    ...{ name: row.name, cron: row.cron, timeZone: row.time_zone, selection: row.selection },
    ...{ keepLast: row.keep_last, keepDays: row.keep_days, paused: row.paused },
  };
}
