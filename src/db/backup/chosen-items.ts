import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';

/** Returns the ids of a set's captured items among these. The transaction must be of the set's own tenant. */
export async function listCapturedItemIds(
  trx: TenantTrx,
  backupSetId: string,
  itemIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await trx
    .selectFrom('backup_set_items')
    .select('backup_item_id')
    .where('tenant_id', '=', trx.tenantId)
    .where('backup_set_id', '=', backupSetId)
    // A planned item without a snapshot is no item of the set.
    .where('snapshot_id', 'is not', null)
    // As one parameter, because there may be thousands of ids.
    .where(sql<boolean>`backup_item_id = any(${[...itemIds]}::uuid[])`)
    .execute();
  return new Set(rows.map((row) => row.backup_item_id));
}

/** Returns the ids of a run's planned items among these. */
export async function listPlannedItemIds(
  trx: TenantTrx,
  runId: string,
  itemIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await trx
    .selectFrom('run_items as item')
    .select('item.backup_item_id')
    .where('item.tenant_id', '=', trx.tenantId)
    .where('item.run_id', '=', runId)
    .where(sql<boolean>`item.backup_item_id = any(${[...itemIds]}::uuid[])`)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('restore_items as planned')
          .select('planned.item_id')
          .whereRef('planned.tenant_id', '=', 'item.tenant_id')
          .whereRef('planned.run_id', '=', 'item.run_id')
          .whereRef('planned.item_id', '=', 'item.item_id')
          .where('planned.action', 'is not', null)
          // The offset makes Postgres look up item by item through the key: without statistics of a new run it chooses
          // bad joins.
          .offset(0),
      ),
    )
    .execute();
  return new Set(rows.flatMap((row) => row.backup_item_id ?? []));
}
