import type { RunInput } from '#domain/run/run-input.ts';
import { plan } from '#workflows/runtime/activity-options.ts';
import { executeRun } from '#workflows/runtime/execute-run.ts';
import { inRanges } from '#workflows/runtime/in-ranges.ts';

/** Plans a restore and carries nothing out: a preview, or a comparison of a backup with the tenant. */
export async function previewRestore(input: RunInput): Promise<void> {
  const { runId } = input;
  await executeRun(input, async () => {
    const { items } = await plan.planRestore({ runId });
    const wanted = { next: input.resume?.next ?? 0, planned: items };
    const progress = await inRanges(runId, wanted, plan.planItems, 'items planned');
    return progress.next < items ? progress : undefined;
  });
}
