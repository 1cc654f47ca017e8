import { mirror } from '#workflows/runtime/activity-options.ts';

/** One round of the reconciler; a Temporal Schedule starts it. */
export async function reconcileRuns(): Promise<void> {
  await mirror.reconcileRuns();
}
