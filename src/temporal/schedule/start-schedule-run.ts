import { v7 as uuidv7 } from 'uuid';
import { insertAuditEvent } from '#db/audit/audit-events.ts';
import { insertBackupSet } from '#db/backup/backup-sets.ts';
import type { TenantTrx } from '#db/database.ts';
import { isScheduleOf, scheduleNoun } from '#db/schedule/schedule-kinds.ts';
import { noteScheduledRun } from '#db/schedule/schedule-state.ts';
import type { BackupScheduleRow, DriftScheduleRow, RunRow, ScheduleRow } from '#db/tables.ts';
import { checkDrift, runBackupSchedule } from '#domain/run/run-requests.ts';
import type { RunStarter } from '#temporal/run/run-starter.ts';

/** The time in the name of a set, in UTC, to the minute. */
function minuteOf(time: Date): string {
  return time.toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length).replace('T', ' ');
}

/** The cause of a start. */
interface Cause {
  /** The principal that receives the notifications of the run. */
  readonly notifiedId: string;
  /** Temporal's id of the triggering execution; null if a person asks. */
  readonly firingId: string | null;
}

/**
 * Starts the run of a schedule, or joins the active one. The initiator is the schedule; a person receives the
 * notifications.
 * @throws DispatchFailedError if Temporal is away.
 */
export function startScheduleRun(
  runs: RunStarter,
  schedule: ScheduleRow,
  by: Cause,
): Promise<{ run: RunRow; reused: boolean }> {
  if (isScheduleOf('backup', schedule)) return startBackup(runs, schedule, by);
  if (isScheduleOf('drift', schedule)) return startDriftCheck(runs, schedule, by);
  throw new Error(`the schedule ${schedule.id} names no kind of run`);
}

function startBackup(runs: RunStarter, schedule: BackupScheduleRow, by: Cause) {
  const { tenant_id: tenantId, id: scheduleId } = schedule;
  const backupSetId = uuidv7();
  const name = `${schedule.name} ${minuteOf(new Date())} UTC`;
  const request = runBackupSchedule(tenantId, scheduleId, backupSetId, {
    name,
    ...schedule.selection,
  });
  const createdBy = initiatorOf(schedule);
  return runs.start(request, { ...createdBy, notifiedId: by.notifiedId }, async (trx, run) => {
    await insertBackupSet(trx, {
      ...{ id: backupSetId, name, origin: 'backup', scheduleId, createdBy },
    });
    await noteRun(trx, schedule, run, by);
  });
}

/** Starts a drift check, or joins an active check of the same set, which keeps its initiator. */
function startDriftCheck(runs: RunStarter, schedule: DriftScheduleRow, by: Cause) {
  const request = checkDrift(schedule.tenant_id, schedule.backup_set_id);
  const initiator = { ...initiatorOf(schedule), notifiedId: by.notifiedId };
  return runs.start(request, initiator, (trx, run) => noteRun(trx, schedule, run, by));
}

function initiatorOf({ id, name }: ScheduleRow) {
  return { id: `schedule:${id}`, displayName: name };
}

/** Notes the run on the row and, if a person asked for it, in the audit trail. */
async function noteRun(
  trx: TenantTrx,
  schedule: ScheduleRow,
  run: RunRow,
  by: Cause,
): Promise<void> {
  const { id } = schedule;
  await noteScheduledRun(trx, id, { runId: run.id, firingId: by.firingId });
  if (by.firingId !== null) return;
  const type = scheduleNoun(schedule);
  await insertAuditEvent(trx, {
    actor: by.notifiedId,
    action: `${type}.triggered`,
    runId: run.id,
    target: { type, id },
    details: {},
  });
}
