import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { inTenant } from '#db/database.ts';
import type { RestorableItem } from '#db/restore/restore-sources.ts';
import { readSnapshotContent } from '#db/snapshot/snapshots.ts';
import { findPolicyType } from '#domain/policy-types/catalogue.ts';

/**
 * Returns the places of items in an order of priorities, by backup item id. Only ordered types have one, and only the
 * content holds it.
 */
export async function readPriorities(
  { db, cipher }: Pick<ActivityDeps, 'db' | 'cipher'>,
  { tenantId }: { readonly tenantId: string },
  items: readonly RestorableItem[],
): Promise<ReadonlyMap<string, number>> {
  const ordered = items.filter(({ policyType }) => isOrdered(policyType));
  const priorities = new Map<string, number>();
  for (const { backupItemId, sha256 } of ordered) {
    const content = await inTenant(db, tenantId, (trx) => readSnapshotContent(trx, cipher, sha256));
    const { item } = JSON.parse(content) as { item?: { priority?: unknown } };
    if (typeof item?.priority === 'number') priorities.set(backupItemId, item.priority);
  }
  return priorities;
}

function isOrdered(policyType: string): boolean {
  const steps = findPolicyType(policyType)?.restore?.steps ?? [];
  return steps.some(({ step }) => step === 'setPriority');
}
