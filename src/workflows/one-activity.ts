import type { WholeRunActivity } from '#domain/run/operation.ts';
import type { RunInput } from '#domain/run/run-input.ts';
import { wholeRun } from '#workflows/runtime/activity-options.ts';
import { executeRun } from '#workflows/runtime/execute-run.ts';

// The workflows of the operations with a single activity.

const carriedOutBy =
  (activity: WholeRunActivity) =>
  (input: RunInput): Promise<void> =>
    executeRun(input, () => wholeRun()[activity]({ runId: input.runId }));

export const exportPolicies = carriedOutBy('writeExport');
export const importPolicies = carriedOutBy('keepImport');
