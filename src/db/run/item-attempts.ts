import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';

/** Records the number of an attempt at a pending item. Returns false if the item has an outcome already. */
export async function markItemAttempt(
  trx: TenantTrx,
  runId: string,
  itemId: string,
  attempt: number,
): Promise<boolean> {
  const updated = await trx
    .updateTable('run_items')
    .set({
      attempts: sql<number>`greatest(attempts, ${attempt})`,
      started_at: sql<Date>`coalesce(started_at, now())`,
    })
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', runId)
    .where('item_id', '=', itemId)
    .where('outcome', '=', 'pending')
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

/** Counts an attempt at pending items, or, with -1, takes back an attempt with no request to Graph. */
export async function countItemAttempts(
  trx: TenantTrx,
  runId: string,
  itemIds: readonly string[],
  change: 1 | -1,
): Promise<void> {
  if (itemIds.length === 0) return;
  await trx
    .updateTable('run_items')
    .set((eb) => ({
      attempts: eb('attempts', '+', change),
      started_at: sql<Date>`coalesce(started_at, now())`,
    }))
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', runId)
    .where('item_id', 'in', [...itemIds])
    .where('outcome', '=', 'pending')
    .execute();
}
