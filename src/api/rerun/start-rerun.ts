import { startExport } from '#api/archive/start-export.ts';
import { startAddition, startBackup } from '#api/backup/start-backup.ts';
import { notFound, Problem } from '#api/http/problem.ts';
import type { Answer } from '#api/http/route.ts';
import {
  startDriftCheck,
  startPreview,
  startRestore,
  startUndo,
} from '#api/restore/start-restore.ts';
import { startedAnswer, type Starting, startRun } from '#api/run/start-run.ts';
import { startCapture } from '#api/snapshot/start-capture.ts';
import { findBackupSetById } from '#db/backup/backup-sets.ts';
import { inTenant, type TenantTrx } from '#db/database.ts';
import { findPolicyById } from '#db/inventory/policies.ts';
import { findRunById } from '#db/run/runs.ts';
import { findScheduleOfKind } from '#db/schedule/schedules.ts';
import type { Rerun } from '#domain/run/rerun.ts';
import type { ParametersOf } from '#domain/run/run-parameters.ts';
import { runRequest } from '#domain/run/run-requests.ts';
import { startScheduleRun } from '#temporal/schedule/start-schedule-run.ts';

/**
 * Starts a run once more, with the checks of its first start: what it was about may have gone, and rights as well.
 * Throws Problem as that start does, and 409 where there is nothing to start.
 */
export async function startRerun(starting: Starting, rerun: Rerun): Promise<Answer> {
  const { deps, caller, tenantId } = starting;
  switch (rerun.operation) {
    case 'inventory.sync':
      return startRun(deps, caller, runRequest(rerun.operation, tenantId, null, rerun.parameters));
    case 'directory.sync':
      return startRun(deps, caller, runRequest(rerun.operation, tenantId, null, rerun.parameters));
    case 'policy.capture_snapshot': {
      const { policyId } = rerun.parameters;
      return startCapture(starting, await existing(starting, findPolicyById, policyId));
    }
    case 'backup_set.create':
      return startBackup(starting, rerun.parameters);
    case 'backup_set.add_policies':
      return startAddition(starting, rerun.targetId ?? '', rerun.parameters);
    case 'backup_schedule.run':
      return startFiring(starting, rerun.parameters);
    case 'policies.export': {
      const set = await existing(starting, findBackupSetById, rerun.targetId ?? '');
      return startExport(starting, set, rerun.parameters.format);
    }
    case 'restore.preview':
      return startPreview(starting, rerun.parameters);
    case 'restore.execute':
      return startRestore(starting, rerun.parameters);
    case 'restore.undo': {
      const restore = await existing(starting, findRunById, rerun.parameters.runId);
      return startUndo(starting, restore, rerun.parameters.deleteCreated);
    }
    case 'drift.check':
      return startDriftCheck(starting, rerun.parameters.backupSetId);
    case null:
      throw new Problem('conflict', rerun.why);
  }
}

/** Starts the run of a schedule with the selection of then, and with the schedule's name and retention of today. */
async function startFiring(
  starting: Starting,
  { scheduleId, name: _ofThen, ...selection }: ParametersOf<'backup_schedule.run'>,
): Promise<Answer> {
  const { deps, caller } = starting;
  const find = (trx: TenantTrx, id: string) => findScheduleOfKind(trx, 'backup', id);
  const schedule = await existing(starting, find, scheduleId);
  const by = { notifiedId: caller.principalId, firingId: null };
  return startedAnswer(deps, await startScheduleRun(deps.runs, { ...schedule, selection }, by));
}

async function existing<Row>(
  { deps, tenantId }: Starting,
  find: (trx: TenantTrx, id: string) => Promise<Row | undefined>,
  id: string,
): Promise<Row> {
  const row = await inTenant(deps.db, tenantId, (trx) => find(trx, id));
  if (row === undefined) throw notFound();
  return row;
}
