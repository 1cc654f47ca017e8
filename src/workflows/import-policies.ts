import type { RunInput } from '../domain/run-input.ts';
import { archive } from './activity-options.ts';
import { executeRun } from './execute-run.ts';

/** Makes a backup set of a zip; an item is a policy. */
export async function importPolicies(input: RunInput): Promise<void> {
  await executeRun(input, () => archive.keepImport({ runId: input.runId }));
}
