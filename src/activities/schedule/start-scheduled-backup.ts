import { activityInfo, log } from '@temporalio/activity';
import { permanentFailure } from '#activities/runtime/activity-failure.ts';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { asDispatcher, inTenant } from '#db/database.ts';
import { noteScheduleState } from '#db/schedule/schedule-state.ts';
import { findScheduleAcrossTenants } from '#db/schedule/schedules-across-tenants.ts';
import { findScheduleById } from '#db/schedule/schedules.ts';
import type { ScheduleRow } from '#db/tables.ts';
import type { ScheduleTriggerActivities } from '#domain/run/activity-types.ts';
import { DispatchFailedError } from '#temporal/run/run-starter.ts';
import { startScheduleRun } from '#temporal/schedule/start-schedule-run.ts';

/**
 * Each attempt whose run Temporal did not take leaves a failed run and a notification, so there are few. What fails
 * for want of the database leaves nothing and is tried for as long as the workflow lives.
 */
const dispatchAttemptsMax = 4;
/** A schedule is made in Temporal a moment before its row is committed. */
const rowMissingForMs = 10 * 60_000;

type Deps = Pick<ActivityDeps, 'db' | 'runs' | 'schedules'>;

/** See {@link ScheduleTriggerActivities.startScheduledBackup}. */
export function createStartScheduledBackup(
  deps: Deps,
): ScheduleTriggerActivities['startScheduledBackup'] {
  return async ({ scheduleId }) => {
    // The tenant is the row's: arguments come from whoever reaches Temporal.
    const known = await asDispatcher(deps.db, (trx) => findScheduleAcrossTenants(trx, scheduleId));
    const schedule =
      known === undefined
        ? undefined
        : await inTenant(deps.db, known.tenant_id, (trx) => findScheduleById(trx, scheduleId));
    if (schedule === undefined) {
      await removeOrphan(deps, scheduleId);
      return { runId: null };
    }
    const runId = await startOnce(deps, schedule);
    await noteNextRun(deps, schedule);
    return { runId };
  };
}

/** Starts the run of this firing. An attempt that comes after the commit of another one finds its run on the row. */
async function startOnce({ runs }: Deps, schedule: ScheduleRow): Promise<string> {
  const { attempt, workflowExecution } = activityInfo();
  const firingId = workflowExecution?.runId ?? null;
  const { last_firing_id: lastFiringId, last_run_id: lastRunId } = schedule;
  if (lastRunId !== null && firingId !== null && lastFiringId === firingId && attempt > 1) {
    return lastRunId;
  }
  try {
    const by = { notifiedId: schedule.created_by_id, firingId };
    const { run } = await startScheduleRun(runs, schedule, by);
    return run.id;
  } catch (error) {
    if (!(error instanceof DispatchFailedError)) throw error;
    if (attempt < dispatchAttemptsMax) throw error;
    throw permanentFailure('dispatch_failed', { runId: error.runId });
  }
}

/** Not worth a failure of the firing: the next round of maintenance notes it, too. */
async function noteNextRun({ db, schedules }: Deps, schedule: ScheduleRow): Promise<void> {
  try {
    const state = await schedules.describe(schedule.id);
    if (state === null || state.revision !== schedule.revision) return;
    await inTenant(db, schedule.tenant_id, (trx) => noteScheduleState(trx, schedule, state));
  } catch (err) {
    log.warn('the next run of a schedule is not known', { err, scheduleId: schedule.id });
  }
}

/** Temporal fires a schedule that has no row: its making was taken back, or its deletion did not reach Temporal. */
async function removeOrphan({ schedules }: Deps, scheduleId: string): Promise<void> {
  const state = await schedules.describe(scheduleId);
  if (state === null || Date.now() - state.createdAt.getTime() < rowMissingForMs) return;
  await schedules.remove(scheduleId);
  log.warn('a schedule without a row was removed from Temporal', { scheduleId });
}
