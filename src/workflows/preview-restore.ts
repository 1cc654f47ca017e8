import type { RunInput } from '../domain/run-input.ts';
import { plan } from './activity-options.ts';
import { executeRun } from './execute-run.ts';
import { planRanges } from './plan-ranges.ts';

/** Plans a restore and carries nothing out: a preview, or a comparison of a backup with the tenant. */
export async function previewRestore(input: RunInput): Promise<void> {
  const { runId } = input;
  await executeRun(input, async () => {
    const { items } = await plan.planRestore({ runId });
    const next = await planRanges(runId, input.resume?.next ?? 0, items);
    return next < items ? { next, planned: items } : undefined;
  });
}
