import {
  CancellationScope,
  isCancellation,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow';
import type { BackupPart, ItemRange } from '../domain/activity-types.ts';
import type { RunInput, RunProgress } from '../domain/run-input.ts';
import { together } from '../domain/together.ts';
import { graph, mirror } from './activity-options.ts';
import { executeRun } from './execute-run.ts';
import { failureOf } from './failure-of.ts';
import { historyEventsMax } from './history-limit.ts';
import { inLanes } from './in-lanes.ts';

/** Items captured by one activity: its reads fill a batch of Graph, and its loss costs no more than a second's work. */
const itemsPerActivity = 20;
/** Activities of one run at once. More would not make Graph faster, and would keep other tenants off the worker. */
const concurrentActivities = 4;

/** Makes or extends a backup set: plans what is in it, captures it, and captures what that refers to. */
export async function backUpPolicies(input: RunInput): Promise<void> {
  const { runId } = input;
  await executeRun(input, async ({ parts = [] }) => {
    let progress = input.resume ?? (await planAndBegin(runId, parts));
    // Each round adds what was not there before, so the rounds end when the tenant does, if not long before.
    for (;;) {
      progress = await captureFrom(runId, progress);
      if (progress.next < progress.planned) return progress;
      const { planned } = await graph.planReferences({ runId });
      if (planned === progress.planned) return undefined;
      progress = { ...progress, planned };
    }
  });
}

/** Plans everything, and captures what Intune has while the slower service is still being listed. */
async function planAndBegin(runId: string, parts: readonly BackupPart[]): Promise<RunProgress> {
  const planned = await together(
    parts.map(async (part) => {
      const progress = { next: 0, ...(await graph.planBackup({ runId, part })) };
      return part === 'intune' ? captureFrom(runId, progress) : progress;
    }),
  );
  return {
    next: Math.max(0, ...planned.map(({ next }) => next)),
    planned: Math.max(0, ...planned.map((progress) => progress.planned)),
  };
}

/**
 * Captures items in their order, a few activities at a time.
 * @returns how far it has come: to the end, or to where the history has become long.
 */
async function captureFrom(
  runId: string,
  { next: first, planned }: RunProgress,
): Promise<RunProgress> {
  let next = first;
  let done = first;
  await inLanes(concurrentActivities, async () => {
    while (next < planned && workflowInfo().historyLength < historyEventsMax) {
      const range = { runId, from: next, to: Math.min(next + itemsPerActivity, planned) };
      next = range.to;
      await captureRange(range);
      done += range.to - range.from;
      setCurrentDetails(`Run \`${runId}\`: ${done} of ${planned} captures done.`);
    }
  });
  return { next, planned };
}

async function captureRange(range: ItemRange): Promise<void> {
  try {
    await graph.captureItems(range);
  } catch (error) {
    if (isCancellation(error)) throw error;
    // What has failed stays failed, even when the run is cancelled in this moment.
    await CancellationScope.nonCancellable(() =>
      mirror.failRunItems({ ...range, failure: failureOf(error) }),
    );
  }
}
