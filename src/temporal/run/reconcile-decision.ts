import type { RunEnding } from '#domain/run/activity-types.ts';
import type { FailureCode } from '#domain/run/failure.ts';
import type { WorkflowState } from './workflow-state.ts';

export type Decision =
  | { readonly do: 'leave' }
  | { readonly do: 'dispatch' }
  | { readonly do: 'cancel' }
  | { readonly do: 'end'; readonly ending: RunEnding };

/** The code for a workflow that closed while its run was active, by the status of the workflow. */
const closings: Readonly<Record<string, FailureCode>> = {
  TERMINATED: 'workflow_terminated',
  TIMED_OUT: 'workflow_timed_out',
  FAILED: 'workflow_failed',
  COMPLETED: 'workflow_lost',
};

const openStatuses = ['RUNNING', 'CONTINUED_AS_NEW', 'PAUSED'];

/**
 * Decides about an active run whose row has not changed for longer than a start takes. A queued run without an
 * execution has not begun, so dispatching it again is safe.
 * @param state the newest execution with the run's workflow ID; null if Temporal has none.
 */
export function decideReconciliation(
  run: {
    readonly id: string;
    readonly status: 'queued' | 'running';
    readonly cancelRequested: boolean;
  },
  state: WorkflowState | null,
): Decision {
  if (state !== null && openStatuses.includes(state.status)) {
    return run.cancelRequested && !state.cancelRequested && state.runId === run.id
      ? { do: 'cancel' }
      : { do: 'leave' };
  }
  if (state === null || state.runId !== run.id) {
    return run.status === 'queued' ? { do: 'dispatch' } : end('workflow_lost');
  }
  if (state.status === 'CANCELED') return { do: 'end', ending: { kind: 'canceled' } };
  return end(closings[state.status] ?? 'workflow_lost');
}

function end(code: FailureCode): Decision {
  return { do: 'end', ending: { kind: 'failed', failure: { code, context: {} } } };
}
