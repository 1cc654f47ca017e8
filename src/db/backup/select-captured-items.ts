import type { TenantTrx } from '#db/database.ts';

/** Selects the items of a backup set with snapshots and contents; each query adds its columns. */
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
