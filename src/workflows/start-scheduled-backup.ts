import { setCurrentDetails } from '@temporalio/workflow';
import type { ScheduleTrigger } from '#domain/schedule/schedule-trigger.ts';
import { scheduleTrigger } from '#workflows/runtime/activity-options.ts';

/**
 * Starts the run of a triggered schedule, of backups or drift checks, and ends; the run has its own workflow. The name
 * is from the first kind, and stays because histories hold it.
 */
export async function startScheduledBackup(input: ScheduleTrigger): Promise<void> {
  const { runId } = await scheduleTrigger(`schedule ${input.scheduleId}`).startScheduledBackup(
    input,
  );
  setCurrentDetails(
    runId === null
      ? `The schedule \`${input.scheduleId}\` no longer exists.`
      : `Run \`${runId}\` does the work.`,
  );
}
