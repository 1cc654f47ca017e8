import { CancellationScope, isCancellation, setCurrentDetails } from '@temporalio/workflow';
import type { BegunRun, ItemRef } from '#domain/run/activity-types.ts';
import { runState } from './activity-options.ts';
import { failureOf } from './failure-of.ts';
import { inLanes } from './in-lanes.ts';

/** Items of one run in flight. Graph's limits decide the speed; this number only bounds the share of one run. */
const concurrentItems = 4;

/** An activity for one item. The summary names the item in the Web UI. */
type ItemActivity = (item: ItemRef, summary: string) => Promise<void>;

/**
 * Runs an activity for every item, a few at a time, in the order of their ids. If an item fails, the workflow records the
 * failure and goes on with the others. After a cancellation no further item begins; those in flight end first.
 */
export async function forEachItem(
  runId: string,
  { items }: BegunRun,
  activity: ItemActivity,
): Promise<void> {
  let done = 0;
  await inLanes(concurrentItems, items, async ({ itemId, policyType }) => {
    await attemptItem({ runId, itemId }, `${policyType} ${itemId}`, activity);
    done += 1;
    setCurrentDetails(`Run \`${runId}\`: ${done} of ${items.length} items done.`);
  });
}

async function attemptItem(item: ItemRef, summary: string, activity: ItemActivity): Promise<void> {
  try {
    await activity(item, summary);
  } catch (error) {
    if (isCancellation(error)) throw error;
    const failure = failureOf(error);
    // A cancellation at this moment must not lose the failure.
    await CancellationScope.nonCancellable(() =>
      runState(`${summary}: ${failure.code}`).failRunItem({ ...item, failure }),
    );
  }
}
