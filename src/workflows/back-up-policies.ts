import { settleAll } from '#domain/concurrency/settle-all.ts';
import type { BackupPart } from '#domain/run/activity-types.ts';
import type { RunInput, RunProgress } from '#domain/run/run-input.ts';
import { graph } from '#workflows/runtime/activity-options.ts';
import { executeRun } from '#workflows/runtime/execute-run.ts';
import { forEachRange } from '#workflows/runtime/for-each-range.ts';

/** Makes or extends a backup set: plans its policies, captures them, and captures the objects they refer to. */
export async function backUpPolicies(input: RunInput): Promise<void> {
  const { runId } = input;
  await executeRun(input, async ({ parts = [] }) => {
    let progress = input.resume ?? (await planAndBegin(runId, parts));
    // Each round adds only objects that earlier rounds did not, so the rounds end.
    for (;;) {
      progress = await captureFrom(runId, progress);
      if (progress.next < progress.planned) return progress;
      const { planned } = await graph().planReferences({ runId });
      if (planned === progress.planned) return undefined;
      progress = { ...progress, planned };
    }
  });
}

/** Plans both parts. The captures of Intune's policies begin while the slower conditional access is being listed. */
async function planAndBegin(runId: string, parts: readonly BackupPart[]): Promise<RunProgress> {
  const planned = await settleAll(
    parts.map(async (part) => {
      const progress = { next: 0, ...(await graph(part).planBackup({ runId, part })) };
      return part === 'intune' ? captureFrom(runId, progress) : progress;
    }),
  );
  return {
    next: Math.max(0, ...planned.map(({ next }) => next)),
    planned: Math.max(0, ...planned.map((progress) => progress.planned)),
  };
}

function captureFrom(runId: string, progress: RunProgress): Promise<RunProgress> {
  return forEachRange(
    runId,
    progress,
    (range, summary) => graph(summary).captureItems(range),
    'captures done',
  );
}
