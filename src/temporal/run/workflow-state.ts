import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { runIdOfMemo } from '#domain/run/run-memo.ts';

/** The newest execution with a workflow ID, as Temporal describes it. */
export interface WorkflowState {
  /** Temporal's id of the execution. */
  readonly workflowRunId: string;
  /** Temporal's name of the status: RUNNING, TERMINATED, … */
  readonly status: string;
  /** The run of the execution, from its memo. */
  readonly runId: string | undefined;
  readonly cancelRequested: boolean;
}

/** The limit of one answer; the reconciler asks again in its next round. */
const describeDeadlineMs = 5_000;

/** Asks Temporal for the newest execution of a workflow ID. Returns null if Temporal has none. */
export async function describeWorkflow(
  client: Client,
  workflowId: string,
): Promise<WorkflowState | null> {
  try {
    const execution = await client.withDeadline(Date.now() + describeDeadlineMs, () =>
      client.workflow.getHandle(workflowId).describe(),
    );
    return {
      workflowRunId: execution.runId,
      status: execution.status.name,
      runId: runIdOfMemo(execution.memo),
      cancelRequested: execution.raw.workflowExtendedInfo?.cancelRequested ?? false,
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
