import { sql } from 'kysely';
import { selectCapturedItems } from '#db/backup/select-captured-items.ts';
import type { TenantTrx } from '#db/database.ts';

/** An item of a backup set with the properties needed by a restore. */
export interface RestorableItem {
  readonly backupItemId: string;
  readonly policyType: string;
  readonly graphId: string;
  readonly displayName: string;
  readonly platform: string | null;
  readonly odataType: string | null;
  readonly sha256: Buffer;
}

/** Lists all items of a backup set, in order. The transaction must be of the set's own tenant. */
export async function listRestorableItems(
  trx: TenantTrx,
  backupSetId: string,
): Promise<RestorableItem[]> {
  return selectCapturedItems(trx, backupSetId)
    .innerJoin('policies', (join) =>
      join
        .onRef('policies.tenant_id', '=', 'item.tenant_id')
        .onRef('policies.id', '=', 'item.policy_id'),
    )
    .select([
      'item.backup_item_id as backupItemId',
      'snapshots.policy_type as policyType',
      'snapshots.graph_id as graphId',
      'snapshots.display_name as displayName',
      'policies.platform',
      'policies.odata_type as odataType',
      'snapshots.sha256',
    ])
    .orderBy('item.backup_item_id')
    .execute();
}

/** A reference of an item of a backup set. */
export interface ItemReference {
  readonly backupItemId: string;
  readonly policyType: string;
  /** In lower case. */
  readonly graphId: string;
}

/** Lists the references of a backup set's items. The transaction must be of the set's own tenant. */
export async function listItemReferences(
  trx: TenantTrx,
  backupSetId: string,
): Promise<ItemReference[]> {
  const { rows } = await sql<ItemReference>`
    select distinct i.backup_item_id as "backupItemId", r.policy_type as "policyType",
      lower(r.graph_id) as "graphId"
    from backup_set_items i
    join snapshots s on s.tenant_id = i.tenant_id and s.id = i.snapshot_id
    join content_references r on r.tenant_id = s.tenant_id and r.sha256 = s.sha256
    where i.tenant_id = ${trx.tenantId} and i.backup_set_id = ${backupSetId}
    order by 1, 2, 3`.execute(trx);
  return rows;
}

/** A referenced object in the inventory of a tenant. */
export interface NamedObject {
  readonly policyType: string;
  /** In lower case. */
  readonly graphId: string;
  readonly displayName: string;
  readonly platform: string | null;
  readonly odataType: string | null;
}

/** Lists the names of objects in the inventory, also of deleted ones. */
export async function listNamedObjects(
  trx: TenantTrx,
  objects: readonly { readonly policyType: string; readonly graphId: string }[],
): Promise<NamedObject[]> {
  if (objects.length === 0) return [];
  const wanted = JSON.stringify(
    objects.map(({ policyType, graphId }) => ({ policyType, graphId })),
  );
  const { rows } = await sql<NamedObject>`
    select p.policy_type as "policyType", lower(p.graph_id) as "graphId",
      p.display_name as "displayName", p.platform, p.odata_type as "odataType"
    from jsonb_to_recordset(${wanted}::jsonb) as w("policyType" text, "graphId" text)
    join policies p on p.tenant_id = ${trx.tenantId} and p.policy_type = w."policyType"
      and lower(p.graph_id) = lower(w."graphId")`.execute(trx);
  return rows;
}
