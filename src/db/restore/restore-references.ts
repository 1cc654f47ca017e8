import type { TenantTrx } from '#db/database.ts';
import type { FoundBy } from '#domain/restore/plan.ts';
import { rowsPerStatement } from './new-restore-items.ts';

/** The counterpart, in the tenant, of an object referred to by items of a restore. */
export interface NewRestoreReference {
  readonly policyType: string;
  /** In lower case. */
  readonly sourceGraphId: string;
  readonly graphId: string | null;
  readonly foundBy: FoundBy | null;
  /** The item of this restore that creates the counterpart. */
  readonly itemId: string | null;
}

/** Stores the counterparts for the references of a restore. */
export async function insertRestoreReferences(
  trx: TenantTrx,
  runId: string,
  references: readonly NewRestoreReference[],
): Promise<void> {
  for (let from = 0; from < references.length; from += rowsPerStatement) {
    await trx
      .insertInto('restore_references')
      .values(
        references.slice(from, from + rowsPerStatement).map((reference) => ({
          tenant_id: trx.tenantId,
          run_id: runId,
          policy_type: reference.policyType,
          source_graph_id: reference.sourceGraphId,
          graph_id: reference.graphId,
          found_by: reference.foundBy,
          item_id: reference.itemId,
        })),
      )
      .execute();
  }
}

/** Lists the counterparts for the references of a restore. */
export function listRestoreReferences(
  trx: TenantTrx,
  runId: string,
): Promise<NewRestoreReference[]> {
  return trx
    .selectFrom('restore_references')
    .select([
      'policy_type as policyType',
      'source_graph_id as sourceGraphId',
      'graph_id as graphId',
      'found_by as foundBy',
      'item_id as itemId',
    ])
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', runId)
    .execute();
}
