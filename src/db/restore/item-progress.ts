import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';

/** Returns the Graph ids of the items' objects, by item. Items without an object are missing. */
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

/** Records that the live object is as planned, with its snapshot, just before the first write. */
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

/** Records the hash of the live object after the last write. */
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
