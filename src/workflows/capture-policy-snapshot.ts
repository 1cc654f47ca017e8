import type { RunInput } from '#domain/run/run-input.ts';
import { graph } from '#workflows/runtime/activity-options.ts';
import { executeRun } from '#workflows/runtime/execute-run.ts';
import { forEachItem } from '#workflows/runtime/for-each-item.ts';

/** Captures one policy as a snapshot. */
export async function capturePolicySnapshot(input: RunInput): Promise<void> {
  await executeRun(input, (run) =>
    forEachItem(input.runId, run, (item, summary) => graph(summary).capturePolicy(item)),
  );
}
