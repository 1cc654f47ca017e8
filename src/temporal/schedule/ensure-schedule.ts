import {
  type Client,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import { runsTaskQueue } from '#domain/run/task-queues.ts';

/** A workflow over all tenants that a Temporal Schedule starts. */
export interface Rounds {
  /** The ID of the schedule, and the prefix of its workflow IDs. */
  readonly scheduleId: string;
  readonly workflowType: string;
  readonly everyMs: number;
  /** The longest delay of a round after an outage of Temporal; older rounds are skipped. */
  readonly catchUpMs: number;
  readonly runTimeoutMs: number;
  readonly summary: string;
}

/** Creates or updates the Temporal Schedule of these rounds. Rounds never overlap. */
export async function ensureSchedule(client: Client, rounds: Rounds): Promise<void> {
  const { scheduleId } = rounds;
  const spec = { intervals: [{ every: rounds.everyMs }] };
  const policies = { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: rounds.catchUpMs };
  const action = {
    type: 'startWorkflow',
    workflowType: rounds.workflowType,
    workflowId: scheduleId,
    taskQueue: runsTaskQueue,
    workflowRunTimeout: rounds.runTimeoutMs,
    staticSummary: rounds.summary,
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

/** Removes a Temporal Schedule; a no-op if there is none. Its open workflows go on. */
export async function removeSchedule(client: Client, scheduleId: string): Promise<void> {
  try {
    await client.schedule.getHandle(scheduleId).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}
