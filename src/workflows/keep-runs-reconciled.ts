import {
  condition,
  continueAsNew,
  defineSignal,
  isCancellation,
  log,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { intervalSignal, type ReconcilerInput, restAfterRound } from '#domain/run/reconciler.ts';
import { runState } from '#workflows/runtime/activity-options.ts';
import { followNewestVersion } from '#workflows/runtime/follow-newest-version.ts';

const intervalWanted = defineSignal<[ReconcilerInput]>(intervalSignal);

/**
 * The reconciler: one round every interval, without an end. One execution holds hundreds of rounds, so that the list in
 * the Web UI shows runs. It continues as new when the server suggests it.
 */
export async function keepRunsReconciled(input: ReconcilerInput): Promise<void> {
  let { intervalMs } = input;
  let woken = false;
  setHandler(intervalWanted, (wanted) => {
    intervalMs = wanted.intervalMs;
    woken = true;
  });
  while (!workflowInfo().continueAsNewSuggested) {
    woken = false;
    const began = Date.now();
    await playRound();
    await condition(() => woken, restAfterRound(Date.now() - began, intervalMs));
  }
  await continueAsNew<typeof keepRunsReconciled>({ intervalMs });
}

followNewestVersion(keepRunsReconciled);

/** A failed round does not end the loop: the next round sees the same runs. */
async function playRound(): Promise<void> {
  try {
    const { closed, dispatched } = await runState().reconcileRuns();
    setCurrentDetails(`Last round: ${closed} runs closed, ${dispatched} started again.`);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('a round of the reconciler failed', { error });
    setCurrentDetails('The last round failed; the log of the worker says why.');
  }
}
