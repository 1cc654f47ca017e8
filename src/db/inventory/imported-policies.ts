import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { TenantTrx } from '#db/database.ts';
import { listPolicyIdsByGraphIds, type SeenPolicy } from './policies.ts';

/**
 * Finds the policies of an archive in the inventory, and adds the missing ones as absent. It updates no known policy:
 * an archive says nothing about the tenant's present state.
 * @returns their ids, in the order of the policies.
 */
export async function findOrInsertPolicies(
  trx: TenantTrx,
  policyType: string,
  wanted: readonly SeenPolicy[],
): Promise<string[]> {
  if (wanted.length === 0) return [];
  await trx
    .insertInto('policies')
    .values(
      wanted.map((policy) => ({
        tenant_id: trx.tenantId,
        id: uuidv7(),
        policy_type: policyType,
        graph_id: policy.graphId,
        display_name: policy.displayName,
        platform: policy.platform,
        odata_type: policy.odataType ?? null,
        present: false,
        last_modified_at: policy.lastModifiedAt === null ? null : new Date(policy.lastModifiedAt),
        last_seen_at: sql<Date>`now()`,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'policy_type', 'graph_id']).doNothing(),
    )
    .execute();
  const graphIds = wanted.map(({ graphId }) => graphId);
  return listPolicyIdsByGraphIds(trx, policyType, graphIds);
}
