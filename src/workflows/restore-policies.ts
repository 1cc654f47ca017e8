import {
  CancellationScope,
  CancelledFailure,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow';
import type { RestoreActivities, RestoreOutline } from '../domain/activity-types.ts';
import type { RunInput, RunProgress } from '../domain/run-input.ts';
import { mirror, plan, restoring } from './activity-options.ts';
import { executeRun } from './execute-run.ts';
import { failureOf } from './failure-of.ts';
import { historyEventsMax } from './history-limit.ts';
import { inLanes } from './in-lanes.ts';
import { planRanges } from './plan-ranges.ts';

/** Items of one run at once. Graph takes a second or two for a write; the tenant's budget says how many there may be. */
const concurrentItems = 8;

/**
 * Restores policies, or undoes a restore: plans what is not planned yet, and carries it out item by item, one group of
 * items that do not refer to each other after the other. Every item is counted twice: once planned, once carried out.
 */
export async function restorePolicies(input: RunInput): Promise<void> {
  const { runId } = input;
  await executeRun(input, async () => {
    const outline = await plan.planRestore({ runId });
    const { items, planned } = outline;
    const first = input.resume?.next ?? (planned ? items : 0);
    const next = first < items ? await planRanges(runId, first, items) : first;
    if (next < items) return { next, planned: 2 * items };
    return carryOut(runId, outline, next - items);
  });
}

/** @returns how far it has come where the history has become long; the groups before are done with. */
async function carryOut(
  runId: string,
  outline: RestoreOutline,
  first: number,
): Promise<RunProgress | undefined> {
  const { restoreItem } = restoring(outline);
  const { items } = outline;
  const stopIfCancelled = notingCancellation(runId);
  let done = first;
  for (const group of outline.groups.filter(({ to }) => to > first)) {
    let next = Math.max(group.from, first);
    await inLanes(concurrentItems, async () => {
      while (next < group.to && workflowInfo().historyLength < historyEventsMax) {
        // Taken before anything is awaited: the other lanes look at `next` in between.
        const ordinal = next;
        next += 1;
        await stopIfCancelled();
        await carryOutItem(restoreItem, runId, ordinal);
        done += 1;
        setCurrentDetails(`Run \`${runId}\`: ${done} of ${items} items done.`);
      }
    });
    if (next < group.to) return { next: items + next, planned: 2 * items };
  }
  return undefined;
}

/**
 * Notes on the row when somebody asks for the end of the run: attempts of the items in flight look there.
 * @returns what is to be called before an item begins; throws a CancelledFailure once there is such a request.
 */
function notingCancellation(runId: string): () => Promise<void> {
  const scope = CancellationScope.current();
  const noted = scope.cancelRequested.catch(() =>
    CancellationScope.nonCancellable(() => mirror.noteCancelRequest({ runId })),
  );
  return async () => {
    if (!scope.consideredCancelled) return;
    await noted;
    throw new CancelledFailure('the restore was cancelled between two items');
  };
}

/** An item that has begun is finished, whatever happens: half of one is what nobody wants to find. */
async function carryOutItem(
  restoreItem: RestoreActivities['restoreItem'],
  runId: string,
  ordinal: number,
): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    try {
      await restoreItem({ runId, ordinal });
    } catch (error) {
      const range = { runId, from: ordinal, to: ordinal + 1 };
      await mirror.failRunItems({ ...range, failure: failureOf(error) });
    }
  });
}
