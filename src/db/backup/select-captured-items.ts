import type { TenantTrx } from '#db/database.ts';

/** What a backup set holds, with snapshots and contents, for the columns that a query of it wants. */
export function selectCapturedItems(trx: TenantTrx, backupSetId: string) {
  return trx
    .selectFrom('backup_set_items as item')
    .innerJoin('snapshots', (join) =>
      join
        .onRef('snapshots.tenant_id', '=', 'item.tenant_id')
        .onRef('snapshots.id', '=', 'item.snapshot_id'),
    )
    .innerJoin('snapshot_contents as content', (join) =>
      join
        .onRef('content.tenant_id', '=', 'snapshots.tenant_id')
        .onRef('content.sha256', '=', 'snapshots.sha256'),
    )
    .where('item.tenant_id', '=', trx.tenantId)
    .where('item.backup_set_id', '=', backupSetId);
}
