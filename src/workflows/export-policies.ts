import type { RunInput } from '#domain/run/run-input.ts';
import { archive } from '#workflows/runtime/activity-options.ts';
import { executeRun } from '#workflows/runtime/execute-run.ts';

/** Writes a backup set into a zip; an item is a policy type. */
export async function exportPolicies(input: RunInput): Promise<void> {
  await executeRun(input, () => archive.writeExport({ runId: input.runId }));
}
