import {
  CancellationScope,
  isCancellation,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow';
import type { ItemRange } from '#domain/run/activity-types.ts';
import type { RunProgress } from '#domain/run/run-input.ts';
import { runState } from './activity-options.ts';
import { failureOf } from './failure-of.ts';
import { historyEventsMax } from './history-limit.ts';
import { inLanes } from './in-lanes.ts';

/** Items worked on by one activity: its reads fill a batch of Graph, and its loss costs no more than a second's work. */
const itemsPerActivity = 20;
/** Activities of one run at once. More would not make Graph faster, and would keep other tenants off the worker. */
const concurrentActivities = 4;

/**
 * Hands the items of a run to an activity in their order, range by range, a few ranges at a time. What an activity fails
 * with is recorded for the items of its range that have no outcome.
 * @param done what to call it in the details when it is done: `captures done`.
 * @returns how far it has come: to the end, or to where the history has become long.
 */
export async function inRanges(
  runId: string,
  { next: first, planned }: RunProgress,
  activity: (range: ItemRange) => Promise<void>,
  done: string,
): Promise<RunProgress> {
  let next = first;
  let ended = first;
  await inLanes(concurrentActivities, async () => {
    while (next < planned && workflowInfo().historyLength < historyEventsMax) {
      const range = { runId, from: next, to: Math.min(next + itemsPerActivity, planned) };
      next = range.to;
      await oneRange(range, activity);
      ended += range.to - range.from;
      setCurrentDetails(`Run \`${runId}\`: ${ended} of ${planned} ${done}.`);
    }
  });
  return { next, planned };
}

async function oneRange(
  range: ItemRange,
  activity: (range: ItemRange) => Promise<void>,
): Promise<void> {
  try {
    await activity(range);
  } catch (error) {
    if (isCancellation(error)) throw error;
    const failure = failureOf(error);
    // Nothing that this run reads can be trusted to have been only read.
    if (failure.code === 'write_blocked') throw error;
    // What has failed stays failed, even when the run is cancelled in this moment.
    await CancellationScope.nonCancellable(() => runState.failRunItems({ ...range, failure }));
  }
}
