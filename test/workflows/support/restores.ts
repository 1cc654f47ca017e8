import { lockBackupSetForUse } from '#db/backup/backup-sets.ts';
import { inTenant } from '#db/database.ts';
import { openItemPlan } from '#db/restore/item-plans.ts';
import { listPlanItems, type RestoreItem } from '#db/restore/restore-items.ts';
import type { RunItemRow, RunRow } from '#db/tables.ts';
import type { ItemPlan } from '#domain/restore/plan.ts';
import {
  checkDrift,
  executeRestore,
  previewRestore,
  type RestoreRequest,
  undoRestore,
  type RunRequest,
} from '#domain/run/run-requests.ts';
import { initiator, type Kernel, testCipher } from '#test/support/kernel.ts';
import { readItems, untilEnded } from '#test/support/runs.ts';

/** An ended run of a restore plan, with its items. */
export interface Restored {
  readonly run: RunRow;
  readonly items: readonly RunItemRow[];
}

/** The limit of a restore in a test. */
const endsWithinSeconds = 120;

/** Waits for the end of a run. */
export async function restoredBy(kernel: Kernel, started: RunRow): Promise<Restored> {
  const run = await untilEnded(kernel.database, started, endsWithinSeconds);
  return { run, items: await readItems(kernel.database, run) };
}

/** Starts a run on a backup set as the API does. */
export async function startOnSet(kernel: Kernel, work: RunRequest): Promise<RunRow> {
  const { run } = await kernel.runs.start(work, initiator, async (trx) => {
    await lockBackupSetForUse(trx, work.targetId ?? '');
  });
  return run;
}

/** Previews a restore. */
export async function preview(
  kernel: Kernel,
  tenantId: string,
  request: RestoreRequest,
): Promise<Restored> {
  return restoredBy(kernel, await startOnSet(kernel, previewRestore(tenantId, request)));
}

/** Restores a backup set, or carries out a preview. */
export async function restore(
  kernel: Kernel,
  tenantId: string,
  request: Parameters<typeof executeRestore>[1],
): Promise<Restored> {
  return restoredBy(kernel, await startOnSet(kernel, executeRestore(tenantId, request)));
}

/** Undoes a restore. */
export async function undo(
  kernel: Kernel,
  { run }: Restored,
  { deleteCreated = false } = {},
): Promise<Restored> {
  const work = undoRestore(run.tenant_id, run.id, deleteCreated);
  const started = await kernel.runs.start(work, initiator);
  return restoredBy(kernel, started.run);
}

/** Compares a backup set with the live tenant. */
export async function drift(
  kernel: Kernel,
  tenantId: string,
  backupSetId: string,
): Promise<Restored> {
  return restoredBy(kernel, await startOnSet(kernel, checkDrift(tenantId, backupSetId)));
}

/** The plans of the items of a run, in order. */
export async function plansOf(
  kernel: Kernel,
  { run }: Restored,
): Promise<{ readonly item: RestoreItem; readonly plan: ItemPlan | null }[]> {
  const items = await inTenant(kernel.database.app.db, run.tenant_id, (trx) =>
    listPlanItems(trx, run.id, { after: -1, limit: 100_000 }),
  );
  return items.map((item) => ({ item, plan: openItemPlan(testCipher, item) }));
}

/** Counts items by action and outcome: `create succeeded`. */
export function tally({ items }: Restored): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { action, outcome, error_code: code } of items) {
    const key = [action, outcome, ...(code === null ? [] : [code])].join(' ');
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
