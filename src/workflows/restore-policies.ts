import {
  CancellationScope,
  CancelledFailure,
  patched,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow';
import type { WriteOutline } from '#domain/run/activity-types.ts';
import type { RunInput } from '#domain/run/run-input.ts';
import { runState, plan, restoring } from '#workflows/runtime/activity-options.ts';
import { executeRun } from '#workflows/runtime/execute-run.ts';
import { failureOf } from '#workflows/runtime/failure-of.ts';
import { followNewestVersion } from '#workflows/runtime/follow-newest-version.ts';
import { forEachRange } from '#workflows/runtime/for-each-range.ts';
import { historyEventsMax } from '#workflows/runtime/history-limit.ts';
import { inLanes } from '#workflows/runtime/in-lanes.ts';

/** Items of one run in flight. Graph takes a second or two for a write; the budget of the tenant limits the rest. */
const concurrentItems = 8;

/**
 * Restores policies, or undoes a restore: plans every item, then writes item by item. Items in one group do not refer
 * to each other; the groups follow one after the other. The progress counts planned items first, then written ones.
 */
export async function restorePolicies(input: RunInput): Promise<void> {
  const { runId } = input;
  await executeRun(input, async () => {
    const { items } = await plan().planRestore({ runId });
    const first = input.resume?.next ?? 0;
    const wanted = { next: first, planned: items };
    const progress = await forEachRange(
      runId,
      wanted,
      (range, summary) => plan(summary).planItems(range),
      'items planned',
    );
    if (progress.next < items) return progress;
    const outline = await plan().outlineWrites({ runId });
    const done = await carryOut(runId, outline, Math.max(0, first - items));
    if (done < outline.items) return { next: items + done, planned: items + outline.items };
    // Executions that began before this patch go on without the look.
    if (patched('find-duplicates')) await plan().findDuplicates({ runId });
    return undefined;
  });
}

// A restore may wait for people for days, longer than an operator keeps the workers of an old version.
followNewestVersion(restorePolicies);

/** @returns the progress: the end, or the point at which the history has become long. */
async function carryOut(runId: string, outline: WriteOutline, first: number): Promise<number> {
  const writing = restoring(outline);
  const stopIfCancelled = notingCancellation(runId);
  let done = first;
  for (const group of outline.groups.filter(({ to }) => to > first)) {
    let next = Math.max(group.from, first);
    const numbers = function* (): Generator<number> {
      while (next < group.to && workflowInfo().historyLength < historyEventsMax) yield next++;
    };
    await inLanes(concurrentItems, numbers(), async (number) => {
      await stopIfCancelled();
      await carryOutItem(writing, runId, number);
      done += 1;
      setCurrentDetails(`Run \`${runId}\`: ${done} of ${outline.items} items done.`);
    });
    if (next < group.to) return next;
  }
  return outline.items;
}

/**
 * Notes a cancellation on the row, because attempts of the items in flight read it there.
 * @returns a check to call before an item begins. It throws a CancelledFailure after a cancellation.
 */
function notingCancellation(runId: string): () => Promise<void> {
  const scope = CancellationScope.current();
  const noted = scope.cancelRequested.catch(() =>
    CancellationScope.nonCancellable(() => runState().noteCancelRequest({ runId })),
  );
  return async () => {
    if (!scope.consideredCancelled) return;
    await noted;
    throw new CancelledFailure('the restore was cancelled between two items');
  };
}

/** Finishes an item even after a cancellation, because a half-written policy is worse than a late one. */
async function carryOutItem(
  writing: ReturnType<typeof restoring>,
  runId: string,
  number: number,
): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    const summary = `item ${number}`;
    try {
      await writing(summary).restoreItem({ runId, number });
    } catch (error) {
      const failure = failureOf(error);
      await writing(`${summary}: ${failure.code}`).failRestoreItem({ runId, number, failure });
    }
  });
}
