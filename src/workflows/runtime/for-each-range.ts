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

/** Items of one activity: their reads fill a batch of Graph, and a lost activity costs about a second of work. */
const itemsPerActivity = 20;
/** Activities of one run in flight. More would not make Graph faster, and would keep other tenants off the worker. */
const concurrentActivities = 4;

/** An activity for a range of items. The summary names the range in the Web UI. */
type RangeActivity = (range: ItemRange, summary: string) => Promise<void>;

/**
 * Hands the items of a run to an activity in their order, range by range, a few ranges at a time. If an activity fails,
 * the workflow records the failure for every item of the range without an outcome.
 * @param done names a finished activity in the details of the workflow: `captures done`.
 * @returns the progress: the end of the run, or the point at which the history has become long.
 */
export async function forEachRange(
  runId: string,
  { next: first, planned }: RunProgress,
  activity: RangeActivity,
  done: string,
): Promise<RunProgress> {
  let next = first;
  let ended = first;
  function* ranges(): Generator<ItemRange> {
    while (next < planned && workflowInfo().historyLength < historyEventsMax) {
      const from = next;
      next = Math.min(from + itemsPerActivity, planned);
      yield { runId, from, to: next };
    }
  }
  await inLanes(concurrentActivities, ranges(), async (range) => {
    await attemptRange(range, `items ${range.from} to ${range.to - 1}`, activity);
    ended += range.to - range.from;
    setCurrentDetails(`Run \`${runId}\`: ${ended} of ${planned} ${done}.`);
  });
  return { next, planned };
}

async function attemptRange(
  range: ItemRange,
  summary: string,
  activity: RangeActivity,
): Promise<void> {
  try {
    await activity(range, summary);
  } catch (error) {
    if (isCancellation(error)) throw error;
    const failure = failureOf(error);
    // A reader of this run has tried to write: its other reads are not trustworthy either.
    if (failure.code === 'write_blocked') throw error;
    // A cancellation at this moment must not lose the failure.
    await CancellationScope.nonCancellable(() =>
      runState(`${summary}: ${failure.code}`).failRunItems({ ...range, failure }),
    );
  }
}
