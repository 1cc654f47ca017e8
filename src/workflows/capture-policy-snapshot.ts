import type { RunInput } from '#domain/run/run-input.ts';
import { graph } from '#workflows/runtime/activity-options.ts';
import { eachItem } from '#workflows/runtime/each-item.ts';
import { executeRun } from '#workflows/runtime/execute-run.ts';

/** Captures one policy as a snapshot. */
export async function capturePolicySnapshot(input: RunInput): Promise<void> {
  await executeRun(input, (run) => eachItem(input.runId, run, graph.capturePolicy));
}
