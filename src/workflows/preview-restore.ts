import type { RunInput } from '#domain/run/run-input.ts';
import { plan } from '#workflows/runtime/activity-options.ts';
import { executeRun } from '#workflows/runtime/execute-run.ts';
import { forEachRange } from '#workflows/runtime/for-each-range.ts';

/** Plans a restore without writing: a preview, or a comparison of a backup with the tenant. */
export async function previewRestore(input: RunInput): Promise<void> {
  const { runId } = input;
  await executeRun(input, async () => {
    const { items } = await plan().planRestore({ runId });
    const wanted = { next: input.resume?.next ?? 0, planned: items };
    const progress = await forEachRange(
      runId,
      wanted,
      (range, summary) => plan(summary).planItems(range),
      'items planned',
    );
    return progress.next < items ? progress : undefined;
  });
}
