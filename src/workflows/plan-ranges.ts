import {
  CancellationScope,
  isCancellation,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow';
import type { ItemRange } from '../domain/activity-types.ts';
import { mirror, plan } from './activity-options.ts';
import { failureOf } from './failure-of.ts';
import { historyEventsMax } from './history-limit.ts';
import { inLanes } from './in-lanes.ts';

/** Items planned by one activity: their reads fill a batch of Graph. */
const itemsPerActivity = 20;
/** Activities of one run at once, as for captures. */
const concurrentActivities = 4;

/**
 * Plans the items of a restore from an ordinal on, a few activities at a time.
 * @returns how far it has come: to the end, or to where the history has become long.
 */
export async function planRanges(runId: string, first: number, items: number): Promise<number> {
  let next = first;
  let done = first;
  await inLanes(concurrentActivities, async () => {
    while (next < items && workflowInfo().historyLength < historyEventsMax) {
      const range = { runId, from: next, to: Math.min(next + itemsPerActivity, items) };
      next = range.to;
      await planRange(range);
      done += range.to - range.from;
      setCurrentDetails(`Run \`${runId}\`: ${done} of ${items} items planned.`);
    }
  });
  return next;
}

async function planRange(range: ItemRange): Promise<void> {
  try {
    await plan.planItems(range);
  } catch (error) {
    if (isCancellation(error)) throw error;
    const failure = failureOf(error);
    // Nothing that this run reads can be trusted to have been only read.
    if (failure.code === 'write_blocked') throw error;
    await CancellationScope.nonCancellable(() => mirror.failRunItems({ ...range, failure }));
  }
}
