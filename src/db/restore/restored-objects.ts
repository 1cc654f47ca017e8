import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';

/** An object of a tenant created by a restore from an object of a source, as its counterpart. */
export interface RestoredObject {
  readonly policyType: string;
  /** In the source, in lower case. */
  readonly sourceGraphId: string;
  readonly graphId: string;
}

/** Lists the objects created in a tenant by earlier restores from a source. */
export function listRestoredObjects(
  trx: TenantTrx,
  sourceTenantId: string,
): Promise<RestoredObject[]> {
  return trx
    .selectFrom('restored_objects')
    .select([
      'policy_type as policyType',
      'source_graph_id as sourceGraphId',
      'graph_id as graphId',
    ])
    .where('tenant_id', '=', trx.tenantId)
    .where('source_tenant_id', '=', sourceTenantId)
    .execute();
}

/** Records the counterpart of a source's object; a later restore replaces it. */
export async function noteRestoredObject(
  trx: TenantTrx,
  runId: string,
  sourceTenantId: string,
  object: RestoredObject,
): Promise<void> {
  const facts = { graph_id: object.graphId, run_id: runId, restored_at: sql<Date>`now()` };
  await trx
    .insertInto('restored_objects')
    .values({
      tenant_id: trx.tenantId,
      source_tenant_id: sourceTenantId,
      policy_type: object.policyType,
      source_graph_id: object.sourceGraphId.toLowerCase(),
      ...facts,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'source_tenant_id', 'policy_type', 'source_graph_id'])
        .doUpdateSet(facts),
    )
    .execute();
}
