import type { RunInput } from '../domain/run-input.ts';
import { graph } from './activity-options.ts';
import { eachItem } from './each-item.ts';
import { executeRun } from './execute-run.ts';

/** Lists the policies of a tenant into the inventory; an item is a policy type. */
export async function inventorySync(input: RunInput): Promise<void> {
  await executeRun(input, (run) => eachItem(input.runId, run, graph.syncPolicyType));
}
