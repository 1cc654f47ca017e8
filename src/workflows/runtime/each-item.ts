import { CancellationScope, isCancellation, setCurrentDetails } from '@temporalio/workflow';
import type { BegunItem, BegunRun, ItemRef } from '#domain/run/activity-types.ts';
import { runState } from './activity-options.ts';
import { failureOf } from './failure-of.ts';
import { inLanes } from './in-lanes.ts';

/** How many items of a run are worked on at once; Graph's limits, not we, decide how fast that goes. */
const concurrentItems = 4;

/**
 * Runs an activity for every item, a few at a time, in the order of their ids. An item that fails is recorded and
 * the others go on. On cancellation no further item begins, those in flight end first, and the cancellation is thrown.
 */
export async function eachItem(
  runId: string,
  run: BegunRun,
  activity: (item: ItemRef) => Promise<void>,
): Promise<void> {
  const waiting = [...run.items];
  const total = waiting.length;
  let done = 0;
  await inLanes(concurrentItems, async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      await oneItem(runId, item, activity);
      done += 1;
      setCurrentDetails(`Run \`${runId}\`: ${done} of ${total} items done.`);
    }
  });
}

async function oneItem(
  runId: string,
  item: BegunItem,
  activity: (item: ItemRef) => Promise<void>,
): Promise<void> {
  const ref = { runId, itemId: item.itemId };
  try {
    await activity(ref);
  } catch (error) {
    if (isCancellation(error)) throw error;
    // What has failed stays failed, even when the run is cancelled in this moment.
    await CancellationScope.nonCancellable(() =>
      runState.failRunItem({ ...ref, failure: failureOf(error) }),
    );
  }
}
