import type { TenantTrx } from '#db/database.ts';
import { listPolicyIdsByGraphIds, upsertSeenPolicies } from '#db/inventory/policies.ts';
import { createWriteName } from '#domain/restore/planned-write.ts';
import { settleGraphWrite } from './graph-writes.ts';
import type { RestoreItem } from './restore-items.ts';
import { noteRestoredObject } from './restored-objects.ts';

/**
 * Records the object created by an item of a restore: on the write, on the item, in the inventory, and for later
 * restores.
 * @returns false, without a record, if another attempt has claimed the write since.
 */
export async function recordCreatedObject(
  trx: TenantTrx,
  item: RestoreItem,
  created: {
    readonly objectId: string;
    readonly status: number | null;
    readonly claim: number;
  },
): Promise<boolean> {
  const { run_id: runId, item_id: itemId, policy_type: policyType } = item;
  const settled = await settleGraphWrite(trx, { runId, itemId }, createWriteName, {
    ...created,
    state: 'done',
  });
  if (!settled) return false;
  const seen = { platform: null, lastModifiedAt: null, displayName: item.display_name };
  await noteItemObject(trx, item, { ...seen, graphId: created.objectId });
  await noteRestoredObject(trx, runId, item.source_tenant_id, {
    policyType,
    sourceGraphId: item.source_graph_id,
    graphId: created.objectId,
  });
  return true;
}

/** Records the tenant's object of an item, on the item and in the inventory. @returns its policy id. */
export async function noteItemObject(
  trx: TenantTrx,
  item: Pick<RestoreItem, 'run_id' | 'item_id' | 'policy_type'>,
  seen: Parameters<typeof upsertSeenPolicies>[2][number],
): Promise<string | null> {
  await upsertSeenPolicies(trx, item.policy_type, [seen]);
  const ids = await listPolicyIdsByGraphIds(trx, item.policy_type, [seen.graphId]);
  const policyId = ids[0] ?? null;
  await trx
    .updateTable('run_items')
    .set({ graph_id: seen.graphId, policy_id: policyId })
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', item.run_id)
    .where('item_id', '=', item.item_id)
    .execute();
  return policyId;
}
