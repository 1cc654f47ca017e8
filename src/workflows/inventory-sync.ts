import type { RunInput } from '#domain/run/run-input.ts';
import { graph } from '#workflows/runtime/activity-options.ts';
import { eachItem } from '#workflows/runtime/each-item.ts';
import { executeRun } from '#workflows/runtime/execute-run.ts';

/** Lists the policies of a tenant into the inventory; an item is a policy type. */
export async function inventorySync(input: RunInput): Promise<void> {
  await executeRun(input, (run) => eachItem(input.runId, run, graph.syncPolicyType));
}
