import { setCurrentDetails } from '@temporalio/workflow';
import type { ScheduleTrigger } from '#domain/schedule/schedule-trigger.ts';
import { scheduleTrigger } from '#workflows/runtime/activity-options.ts';

/**
 * One firing of a schedule, of backups or of drift checks: starts the run and ends; the run has a workflow of its own.
 * Its name is that of the first kind, and in histories for ever.
 */
export async function startScheduledBackup(input: ScheduleTrigger): Promise<void> {
  const { runId } = await scheduleTrigger(`schedule ${input.scheduleId}`).startScheduledBackup(
    input,
  );
  setCurrentDetails(
    runId === null
      ? `The schedule \`${input.scheduleId}\` does not exist any more.`
      : `Run \`${runId}\` does the work.`,
  );
}
