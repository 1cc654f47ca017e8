import type { RunInput } from '../domain/run-input.ts';
import { archive } from './activity-options.ts';
import { executeRun } from './execute-run.ts';

/** Writes a backup set into a zip; an item is a policy type. */
export async function exportPolicies(input: RunInput): Promise<void> {
  await executeRun(input, () => archive.writeExport({ runId: input.runId }));
}
