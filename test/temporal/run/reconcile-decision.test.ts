import { describe, expect, it } from '@jest/globals';
import { decideReconciliation } from '#temporal/run/reconcile-decision.ts';
import type { WorkflowState } from '#temporal/run/workflow-state.ts';

const mine = 'run-1';
const another = 'run-2';

function state(status: string, runId: string | null = mine, cancelRequested = false) {
  const memo = { runId: runId ?? undefined };
  return { status, ...memo, cancelRequested, workflowRunId: 'execution' } satisfies WorkflowState;
}

/** Returns the decision in one word: the action, or the code of the end. */
function decide(
  status: 'queued' | 'running',
  found: WorkflowState | null,
  cancelRequested = false,
): string {
  const decision = decideReconciliation({ id: mine, status, cancelRequested }, found);
  if (decision.do !== 'end') return decision.do;
  return decision.ending.kind === 'failed' ? decision.ending.failure.code : decision.ending.kind;
}

describe('the decision about an active run', () => {
  // Catches: a queued run failed although its work has not begun; a running one started a second time.
  it.each([
    // Temporal's status, the run of the execution, the decision for queued, for running
    ['RUNNING', mine, 'leave', 'leave'],
    ['RUNNING', another, 'leave', 'leave'],
    ['CONTINUED_AS_NEW', mine, 'leave', 'leave'],
    ['PAUSED', mine, 'leave', 'leave'],
    ['TERMINATED', mine, 'workflow_terminated', 'workflow_terminated'],
    ['TIMED_OUT', mine, 'workflow_timed_out', 'workflow_timed_out'],
    ['FAILED', mine, 'workflow_failed', 'workflow_failed'],
    ['CANCELED', mine, 'canceled', 'canceled'],
    ['COMPLETED', mine, 'workflow_lost', 'workflow_lost'],
    ['A_STATUS_OF_THE_FUTURE', mine, 'workflow_lost', 'workflow_lost'],
    ['COMPLETED', another, 'dispatch', 'workflow_lost'],
    ['TERMINATED', another, 'dispatch', 'workflow_lost'],
    ['FAILED', null, 'dispatch', 'workflow_lost'],
  ] as const)('whose execution is %s for %s', (status, runId, queued, running) => {
    expect(decide('queued', state(status, runId))).toBe(queued);
    expect(decide('running', state(status, runId))).toBe(running);
  });

  it('dispatches a queued run and ends a running one, if Temporal has no workflow', () => {
    expect(decide('queued', null)).toBe('dispatch');
    expect(decide('running', null)).toBe('workflow_lost');
  });

  // Catches: a request sent twice, or to the execution of another run.
  it('cancels the workflow of a run with a cancel request', () => {
    expect(decide('running', state('RUNNING'), true)).toBe('cancel');
    expect(decide('running', state('RUNNING', mine, true), true)).toBe('leave');
    expect(decide('running', state('RUNNING', another), true)).toBe('leave');
    expect(decide('running', state('TERMINATED'), true)).toBe('workflow_terminated');
  });
});
