import type { TenantTrx } from '#db/database.ts';

/** The result of listing all policies of a type. */
export type Listing =
  | { readonly outcome: 'listed'; readonly listed: number; readonly builtIn: number }
  | { readonly outcome: 'forbidden' | 'unsupported' }
  | { readonly outcome: 'failed'; readonly errorCode: string };

/** Records in a backup set the result of a run's listing of a type; a later listing replaces an earlier one. */
export async function recordListing(
  trx: TenantTrx,
  ref: { readonly backupSetId: string; readonly runId: string; readonly policyType: string },
  listing: Listing,
): Promise<void> {
  const facts = {
    run_id: ref.runId,
    listed: listing.outcome === 'listed' ? listing.listed : null,
    built_in: listing.outcome === 'listed' ? listing.builtIn : 0,
    forbidden: listing.outcome === 'forbidden',
    unsupported: listing.outcome === 'unsupported',
    error_code: listing.outcome === 'failed' ? listing.errorCode : null,
  };
  await trx
    .insertInto('backup_set_types')
    .values({
      tenant_id: trx.tenantId,
      backup_set_id: ref.backupSetId,
      policy_type: ref.policyType,
      ...facts,
    })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'backup_set_id', 'policy_type']).doUpdateSet(facts),
    )
    .execute();
}

/** The completeness of a listed type in a set: all policies, all but the built-in ones, or unknown. */
export type ListedType = 'whole' | 'withoutBuiltIn' | 'unknown';

/** Lists the types already listed by a run. */
export async function listListedTypes(
  trx: TenantTrx,
  ref: { readonly backupSetId: string; readonly runId: string },
): Promise<ReadonlyMap<string, ListedType>> {
  const rows = await trx
    .selectFrom('backup_set_types')
    .select(['policy_type', 'listed', 'built_in'])
    .where('tenant_id', '=', trx.tenantId)
    .where('backup_set_id', '=', ref.backupSetId)
    .where('run_id', '=', ref.runId)
    .execute();
  return new Map(
    rows.map(({ policy_type: type, listed, built_in: builtIn }) => {
      if (listed === null) return [type, 'unknown'];
      return [type, builtIn === 0 ? 'whole' : 'withoutBuiltIn'];
    }),
  );
}
