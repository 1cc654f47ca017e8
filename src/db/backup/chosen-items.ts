import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';

/** Which of these backup item ids are captured items of a set. Takes a transaction of the set's own tenant. */
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
    // What was planned and is not captured is no item.
    .where('snapshot_id', 'is not', null)
    // As one parameter: there may be thousands.
    .where(sql<boolean>`backup_item_id = any(${[...itemIds]}::uuid[])`)
    .execute();
  return new Set(rows.map((row) => row.backup_item_id));
}

/** Which of these backup item ids a run has a plan for. */
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
          // Item by item through the key: of a new run Postgres knows too little to choose well between joins.
          .offset(0),
      ),
    )
    .execute();
  return new Set(rows.flatMap((row) => row.backup_item_id ?? []));
}
