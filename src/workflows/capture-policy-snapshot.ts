import type { RunInput } from '../domain/run-input.ts';
import { graph } from './activity-options.ts';
import { eachItem } from './each-item.ts';
import { executeRun } from './execute-run.ts';

/** Captures one policy as a snapshot. */
export async function capturePolicySnapshot(input: RunInput): Promise<void> {
  await executeRun(input, (run) => eachItem(input.runId, run, graph.capturePolicy));
}
