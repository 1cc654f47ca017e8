import {
  type Client,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import { runsTaskQueue } from '#domain/run/task-queues.ts';

/** Rounds of a workflow that Temporal starts by itself, the same for all tenants. */
export interface Rounds {
  /** The schedule's id and, with a time added, that of its workflows. */
  readonly scheduleId: string;
  readonly workflowType: string;
  readonly everyMs: number;
  /** How late a round may begin after Temporal was away; those before it are not made up for. */
  readonly catchUpMs: number;
  readonly runTimeoutMs: number;
  readonly summary: string;
}

/** Makes the Temporal Schedule of some rounds, or brings the existing one to them. Rounds never overlap. */
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

/** Removes a Temporal Schedule; a no-op when there is none. Workflows that it has started go on. */
export async function removeSchedule(client: Client, scheduleId: string): Promise<void> {
  try {
    await client.schedule.getHandle(scheduleId).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}
