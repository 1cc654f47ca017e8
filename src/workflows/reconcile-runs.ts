import { runState } from '#workflows/runtime/activity-options.ts';

/**
 * One round of the reconciler. A Temporal Schedule of earlier versions started it; `keepRunsReconciled` does the
 * work now. It stays for executions of workers of those versions.
 */
export async function reconcileRuns(): Promise<void> {
  await runState().reconcileRuns();
}
