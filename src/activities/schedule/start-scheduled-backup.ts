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
 * Attempts without an answer from Temporal are few, because each leaves a failed run and a notification. A database
 * outage leaves no trace, so its retries last as long as the workflow.
 */
const dispatchAttemptsMax = 4;
/** A schedule exists in Temporal a moment before its row is committed. */
const rowMissingForMs = 10 * 60_000;

type Deps = Pick<ActivityDeps, 'db' | 'runs' | 'schedules'>;

/** See {@link ScheduleTriggerActivities.startScheduledBackup}. */
export function createStartScheduledBackup(
  deps: Deps,
): ScheduleTriggerActivities['startScheduledBackup'] {
  return async ({ scheduleId }) => {
    // The tenant comes from the row: arguments may come from anyone with access to Temporal.
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

/** Starts the run of this trigger. An attempt after the commit of an earlier one finds its run on the row. */
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

/** A failure here does not fail the trigger: the next round of maintenance notes the time, too. */
async function noteNextRun({ db, schedules }: Deps, schedule: ScheduleRow): Promise<void> {
  try {
    const state = await schedules.describe(schedule.id);
    if (state === null || state.revision !== schedule.revision) return;
    await inTenant(db, schedule.tenant_id, (trx) => noteScheduleState(trx, schedule, state));
  } catch (err) {
    log.warn('the next run of a schedule is not known', { err, scheduleId: schedule.id });
  }
}

/** Removes a schedule without a row: its creation was rolled back, or its deletion did not reach Temporal. */
async function removeOrphan({ schedules }: Deps, scheduleId: string): Promise<void> {
  const state = await schedules.describe(scheduleId);
  if (state === null || Date.now() - state.createdAt.getTime() < rowMissingForMs) return;
  await schedules.remove(scheduleId);
  log.warn('a schedule without a row was removed from Temporal', { scheduleId });
}
