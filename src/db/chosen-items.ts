import { sql } from 'kysely';
import type { Trx } from './database.ts';
import { selectCapturedItems } from './select-captured-items.ts';

/** Which of these backup item ids are captured items of a set. Takes a transaction of the set's own tenant. */
export async function listCapturedItemIds(
  trx: Trx,
  tenantId: string,
  backupSetId: string,
  itemIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await selectCapturedItems(trx, tenantId, backupSetId)
    .select('item.backup_item_id')
    // As one parameter: there may be thousands.
    .where(sql<boolean>`item.backup_item_id = any(${[...itemIds]}::uuid[])`)
    .execute();
  return new Set(rows.map((row) => row.backup_item_id));
}

/** Which of these backup item ids a run has a plan for. */
export async function listPlannedItemIds(
  trx: Trx,
  tenantId: string,
  runId: string,
  itemIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await trx
    .selectFrom('restore_items')
    .innerJoin('run_items', (join) =>
      join
        .onRef('run_items.tenant_id', '=', 'restore_items.tenant_id')
        .onRef('run_items.run_id', '=', 'restore_items.run_id')
        .onRef('run_items.item_id', '=', 'restore_items.item_id'),
    )
    .select('run_items.backup_item_id')
    .where('restore_items.tenant_id', '=', tenantId)
    .where('restore_items.run_id', '=', runId)
    .where('restore_items.action', 'is not', null)
    .where(sql<boolean>`run_items.backup_item_id = any(${[...itemIds]}::uuid[])`)
    .execute();
  return new Set(rows.flatMap((row) => row.backup_item_id ?? []));
}
