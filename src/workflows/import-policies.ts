import type { RunInput } from '#domain/run/run-input.ts';
import { archive } from '#workflows/runtime/activity-options.ts';
import { executeRun } from '#workflows/runtime/execute-run.ts';

/** Makes a backup set of a zip; an item is a policy. */
export async function importPolicies(input: RunInput): Promise<void> {
  await executeRun(input, () => archive.keepImport({ runId: input.runId }));
}
