import { runState } from '#workflows/runtime/activity-options.ts';

/**
 * One round of the reconciler. Earlier versions start it by a Temporal Schedule; `keepRunsReconciled` replaces it. It
 * stays for their open executions.
 */
export async function reconcileRuns(): Promise<void> {
  await runState().reconcileRuns();
}
