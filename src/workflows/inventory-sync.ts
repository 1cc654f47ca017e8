import type { RunInput } from '#domain/run/run-input.ts';
import { graph } from '#workflows/runtime/activity-options.ts';
import { executeRun } from '#workflows/runtime/execute-run.ts';
import { forEachItem } from '#workflows/runtime/for-each-item.ts';

/** Lists the policies of a tenant into the inventory; an item is a policy type. */
export async function inventorySync(input: RunInput): Promise<void> {
  await executeRun(input, (run) =>
    forEachItem(input.runId, run, (item, summary) => graph(summary).syncPolicyType(item)),
  );
}
