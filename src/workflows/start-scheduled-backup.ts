import { setCurrentDetails } from '@temporalio/workflow';
import type { ScheduleFiring } from '../domain/schedule-firing.ts';
import { firing } from './activity-options.ts';

/** One firing of a backup schedule: starts the run and ends; the run has a workflow of its own. */
export async function startScheduledBackup(input: ScheduleFiring): Promise<void> {
  const { runId } = await firing.startScheduledBackup(input);
  setCurrentDetails(
    runId === null
      ? `The schedule \`${input.scheduleId}\` does not exist any more.`
      : `Run \`${runId}\` makes the backup.`,
  );
}
