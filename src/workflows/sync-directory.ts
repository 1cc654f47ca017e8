import type { RunInput } from '#domain/run/run-input.ts';
import { graph } from '#workflows/runtime/activity-options.ts';
import { executeRun } from '#workflows/runtime/execute-run.ts';
import { forEachItem } from '#workflows/runtime/for-each-item.ts';

/** Lists the groups of a tenant into the cache; its one item stands for all groups. */
export async function syncDirectory(input: RunInput): Promise<void> {
  await executeRun(input, (run) =>
    forEachItem(input.runId, run, (item, summary) => graph(summary).syncGroups(item)),
  );
}
