import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';

/** An item of a restore with a write, certain or in doubt. */
export interface UndoableItem {
  readonly itemId: string;
  readonly backupItemId: string | null;
  readonly policyType: string;
  readonly displayName: string;
  readonly graphId: string;
  readonly group: number;
  /** The hash of the snapshot taken before the first write; null for an object created by the restore. */
  readonly sha256: Buffer | null;
  readonly writtenHash: string | null;
}

/** Lists the objects changed or created by a restore, in the order of their writes. */
export async function listUndoableItems(trx: TenantTrx, runId: string): Promise<UndoableItem[]> {
  const { rows } = await sql<UndoableItem>`
    select i.item_id as "itemId", i.backup_item_id as "backupItemId", i.policy_type as "policyType",
      i.display_name as "displayName", coalesce(w.object_id, r.target_graph_id) as "graphId",
      r.group_number as "group", s.sha256, r.written_hash as "writtenHash"
    from restore_items r
    join run_items i on i.tenant_id = r.tenant_id and i.run_id = r.run_id and i.item_id = r.item_id
    left join snapshots s on s.tenant_id = r.tenant_id and s.id = r.snapshot_id
    left join graph_writes w on w.tenant_id = r.tenant_id and w.run_id = r.run_id
      and w.item_id = r.item_id and w.name = 'create' and w.object_id is not null
    where r.tenant_id = ${trx.tenantId} and r.run_id = ${runId}
      and (s.id is not null or w.object_id is not null) and r.action <> 'delete'
    order by i.ordinal`.execute(trx);
  return rows;
}
