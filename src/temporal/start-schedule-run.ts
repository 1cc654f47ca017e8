import { v7 as uuidv7 } from 'uuid';
import { insertAuditEvent } from '../db/audit-events.ts';
import { noteScheduledRun } from '../db/backup-schedules.ts';
import { insertBackupSet } from '../db/backup-sets.ts';
import type { BackupScheduleRow, RunRow } from '../db/tables.ts';
import { runBackupSchedule } from '../domain/work.ts';
import type { RunStarter } from './run-starter.ts';

/** The time as it stands in the name of a set, in UTC and to the minute. */
function minuteOf(time: Date): string {
  return time.toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length).replace('T', ' ');
}

/**
 * Starts the backup of a schedule, or joins the one that still runs. The initiator is the schedule, which reads no
 * notifications: these go to a person.
 * @param by.notifiedId who is told of the run.
 * @param by.firingId Temporal's id of the execution that fires the schedule; null where a person asks.
 * @throws DispatchFailedError as every start does.
 */
export function startScheduleRun(
  runs: RunStarter,
  schedule: BackupScheduleRow,
  by: { readonly notifiedId: string; readonly firingId: string | null },
): Promise<{ run: RunRow; reused: boolean }> {
  const { tenant_id: tenantId, id: scheduleId } = schedule;
  const backupSetId = uuidv7();
  const name = `${schedule.name} ${minuteOf(new Date())} UTC`;
  const initiator = { id: `schedule:${scheduleId}`, displayName: schedule.name };
  const work = runBackupSchedule(tenantId, scheduleId, backupSetId, {
    name,
    ...schedule.selection,
  });
  const told = { ...initiator, notifiedId: by.notifiedId };
  return runs.start(work, told, async (trx, run) => {
    await insertBackupSet(trx, tenantId, {
      ...{ id: backupSetId, name, origin: 'backup', scheduleId, createdBy: initiator },
    });
    await noteScheduledRun(trx, tenantId, scheduleId, { runId: run.id, firingId: by.firingId });
    if (by.firingId !== null) return;
    await insertAuditEvent(trx, tenantId, {
      actor: by.notifiedId,
      action: 'backup_schedule.triggered',
      runId: run.id,
      target: { type: 'backup_schedule', id: scheduleId },
      details: {},
    });
  });
}
