import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';

/** An object of the tenant to which a policy refers. */
export interface ContentReference {
  readonly policyType: string;
  readonly graphId: string;
}

/** Stores the references of contents, and skips known ones. */
export async function insertContentReferences(
  trx: TenantTrx,
  references: readonly (ContentReference & { readonly sha256: Buffer })[],
): Promise<void> {
  if (references.length === 0) return;
  await trx
    .insertInto('content_references')
    .values(
      references.map(({ sha256, policyType, graphId }) => ({
        tenant_id: trx.tenantId,
        sha256,
        policy_type: policyType,
        graph_id: graphId,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * Lists the references of a backup set's items to objects outside the set, each once, in order. If the place of a
 * reference allows several types, an object of one of them is enough.
 */
export async function listUnresolvedReferences(
  trx: TenantTrx,
  backupSetId: string,
): Promise<ContentReference[]> {
  // Graph writes ids in either case. Postgres has no statistics about the rows of a new set; with each step as a table
  // of its own, it joins them by hashes and not row by row.
  const { rows } = await sql<ContentReference>`
    with planned as materialized (
      select p.policy_type, lower(p.graph_id) as graph_id from backup_set_items i
      join policies p on p.tenant_id = i.tenant_id and p.id = i.policy_id
      where i.tenant_id = ${trx.tenantId} and i.backup_set_id = ${backupSetId}
    ), named as materialized (
      select distinct r.sha256, r.policy_type, lower(r.graph_id) as graph_id
      from backup_set_items i
      join snapshots s on s.tenant_id = i.tenant_id and s.id = i.snapshot_id
      join content_references r on r.tenant_id = s.tenant_id and r.sha256 = s.sha256
      where i.tenant_id = ${trx.tenantId} and i.backup_set_id = ${backupSetId}
    ), found as materialized (
      select distinct sha256, graph_id from named join planned using (policy_type, graph_id)
    )
    select distinct policy_type as "policyType", graph_id as "graphId"
    from named left join found using (sha256, graph_id)
    where found.graph_id is null
    order by 1, 2`.execute(trx);
  return rows;
}

/** Adds a warning to the items with a reference to an object missing from the tenant, in the set and in the run. */
export async function warnOfMissingReferences(
  trx: TenantTrx,
  plan: { readonly runId: string; readonly backupSetId: string },
  missing: readonly ContentReference[],
): Promise<void> {
  if (missing.length === 0) return;
  const list = JSON.stringify(missing);
  for (const table of ['backup_set_items', 'run_items'] as const) {
    const ofPlan =
      table === 'run_items'
        ? sql`t.run_id = ${plan.runId} and t.backup_item_id = w.backup_item_id`
        : sql`t.backup_item_id = w.backup_item_id`;
    await sql`
      with warned as (
        select i.backup_item_id, jsonb_agg(jsonb_build_object('code', 'reference_missing', 'message',
          'refers to ' || m."policyType" || ' ' || m."graphId" || ', which the tenant does not have')
          order by m."policyType", m."graphId") as warnings
        from jsonb_to_recordset(${list}::jsonb) as m("policyType" text, "graphId" text)
        join content_references r on r.tenant_id = ${trx.tenantId}
          and r.policy_type = m."policyType" and lower(r.graph_id) = m."graphId"
        join snapshots s on s.tenant_id = r.tenant_id and s.sha256 = r.sha256
        join backup_set_items i on i.tenant_id = s.tenant_id and i.snapshot_id = s.id
          and i.backup_set_id = ${plan.backupSetId}
        group by i.backup_item_id
      )
      update ${sql.table(table)} t set warnings = t.warnings || w.warnings from warned w
      where t.tenant_id = ${trx.tenantId} and ${ofPlan} and not t.warnings @> w.warnings`.execute(
      trx,
    );
  }
}
