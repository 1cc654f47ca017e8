import type { RunInput } from '#domain/run/run-input.ts';
import { graph } from '#workflows/runtime/activity-options.ts';
import { eachItem } from '#workflows/runtime/each-item.ts';
import { executeRun } from '#workflows/runtime/execute-run.ts';

/** Lists the groups of a tenant into the cache; the one item stands for all of them. */
export async function syncDirectory(input: RunInput): Promise<void> {
  await executeRun(input, (run) => eachItem(input.runId, run, graph.syncGroups));
}
