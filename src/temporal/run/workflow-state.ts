import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { runIdOfMemo } from '#domain/run/run-memo.ts';

/** What Temporal knows of the newest execution with a workflow ID. */
export interface WorkflowState {
  /** Temporal's id of the execution. */
  readonly workflowRunId: string;
  /** Temporal's name of the status: RUNNING, TERMINATED, … */
  readonly status: string;
  /** The run that the execution worked for. */
  readonly runId: string | undefined;
  readonly cancelRequested: boolean;
}

/** How long one answer may take; the reconciler asks again in its next round. */
const describeDeadlineMs = 5_000;

/** Asks Temporal for the newest execution of a workflow ID; null when it has none (any more). */
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
