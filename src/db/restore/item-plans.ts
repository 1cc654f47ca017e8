import { createHash } from 'node:crypto';
import type { TenantTrx } from '#db/database.ts';
import type { SnapshotCipher } from '#db/snapshot/snapshot-cipher.ts';
import type { RestoreItemRow } from '#db/tables.ts';
import type { ItemPlan, PlannedAction } from '#domain/restore/plan.ts';
import { readStoredPlan, storedPlanText } from '#domain/restore/stored-plan.ts';

/** Stores the plan of an item, its documents and messages sealed. For an item with a plan it is a no-op. */
export async function recordItemPlan(
  trx: TenantTrx,
  cipher: SnapshotCipher,
  ref: { readonly runId: string; readonly itemId: string },
  plan: ItemPlan,
): Promise<boolean> {
  const content = Buffer.from(storedPlanText(plan), 'utf8');
  const sha256 = createHash('sha256').update(content).digest();
  const sealed = cipher.seal(trx.tenantId, sha256, content);
  const updated = await trx
    .updateTable('restore_items')
    .set({
      action: plan.action,
      blocked_code: plan.blockedBy?.code ?? null,
      assignments_blocked: plan.assignmentsBlocked,
      live_hash: plan.liveHash,
      sha256,
      key_id: sealed.keyId,
      nonce: sealed.nonce,
      ciphertext: sealed.ciphertext,
    })
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', ref.runId)
    .where('item_id', '=', ref.itemId)
    .where('action', 'is', null)
    .executeTakeFirst();
  if (updated.numUpdatedRows !== 1n) return false;
  await trx
    .updateTable('run_items')
    .set({
      action: shownAction(plan.action),
      warnings: JSON.stringify(plan.warnings),
    })
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', ref.runId)
    .where('item_id', '=', ref.itemId)
    .execute();
  return true;
}

/** The restore leaves a blocked item alone. */
function shownAction(action: PlannedAction) {
  return action === 'blocked' ? 'none' : action;
}

/**
 * Opens the sealed plan of an item; null for unplanned items, and for items to be deleted.
 * @throws SnapshotIntegrityError for damaged sealed bytes, StoredPlanError for a plan this code cannot use.
 */
export function openItemPlan(
  cipher: SnapshotCipher,
  { tenant_id, sha256, key_id, nonce, ciphertext }: RestoreItemRow,
): ItemPlan | null {
  if (sha256 === null || key_id === null || nonce === null || ciphertext === null) return null;
  const content = cipher.open(tenant_id, sha256, { keyId: key_id, nonce, ciphertext });
  return readStoredPlan(content.toString('utf8'));
}
