import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { runsTaskQueue } from '../domain/task-queues.ts';

const scheduleId = 'reconcile-runs';
/** A round is one short activity; one that takes longer than this waits for a database that is away. */
const workflowRunTimeout = '10 minutes';

/**
 * Makes the Temporal Schedule that starts the reconciler, or brings an existing one to this interval.
 * Rounds never overlap, and rounds missed while Temporal was away are not made up for: the next one sees it all.
 * @param intervalSeconds how often a round starts.
 */
export async function ensureReconcilerSchedule(
  client: Client,
  intervalSeconds: number,
): Promise<void> {
  const spec = { intervals: [{ every: intervalSeconds * 1000 }] };
  const policies = { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' } as const;
  const action = {
    type: 'startWorkflow',
    workflowType: 'reconcileRuns',
    workflowId: scheduleId,
    taskQueue: runsTaskQueue,
    workflowRunTimeout,
    staticSummary: 'Compares active runs with their workflows',
  } as const;
  try {
    await client.schedule.create({ scheduleId, spec, policies, action });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule
      .getHandle(scheduleId)
      .update((old) => ({ ...old, spec, policies, action }));
  }
}
