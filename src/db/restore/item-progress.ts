import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';

/** The objects that items of a run are or have made, by item; those that have none are left out. */
export async function listItemGraphIds(
  trx: TenantTrx,
  runId: string,
  itemIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (itemIds.length === 0) return new Map();
  const rows = await trx
    .selectFrom('run_items')
    .select(['item_id', 'graph_id'])
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', runId)
    .where('item_id', 'in', [...itemIds])
    .execute();
  return new Map(
    rows.flatMap(({ item_id, graph_id }) => (graph_id === null ? [] : [[item_id, graph_id]])),
  );
}

type ItemKey = { readonly runId: string; readonly itemId: string };

/** Notes that the object of an item was found as planned, and the snapshot taken of it, just before the first write. */
export async function noteCheckedItem(
  trx: TenantTrx,
  { runId, itemId }: ItemKey,
  snapshotId: string | null,
): Promise<void> {
  await trx
    .updateTable('restore_items')
    .set({ checked_at: sql<Date>`now()`, snapshot_id: snapshotId })
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', runId)
    .where('item_id', '=', itemId)
    .execute();
}

/** Notes how the object of an item reads after it was written. */
export async function noteWrittenHash(
  trx: TenantTrx,
  { runId, itemId }: ItemKey,
  writtenHash: string | null,
): Promise<void> {
  await trx
    .updateTable('restore_items')
    .set({ written_hash: writtenHash })
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', runId)
    .where('item_id', '=', itemId)
    .execute();
}
