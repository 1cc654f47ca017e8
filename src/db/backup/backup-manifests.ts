import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';
import { type Manifest, manifestOf, type TypeTally } from '#domain/backup/manifest.ts';

/**
 * Computes the manifest of a set from its rows and stores it. A run calls it as its last step.
 * @param run.whole false for a run with an early end: it may have missed policies of the set.
 */
export async function sealBackupSet(
  trx: TenantTrx,
  backupSetId: string,
  run: { readonly whole: boolean },
): Promise<Manifest> {
  const computed = await computeManifest(trx, backupSetId);
  const manifest = { ...computed, complete: computed.complete && run.whole };
  await trx
    .updateTable('backup_sets')
    .set({ manifest: JSON.stringify(manifest) })
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', backupSetId)
    .execute();
  return manifest;
}

/** Computes the manifest of a set from its present rows, even while a run adds items. */
export async function computeManifest(trx: TenantTrx, backupSetId: string): Promise<Manifest> {
  const tallies = await talliesOf(trx, backupSetId);
  return manifestOf(tallies, await contentHashOf(trx, backupSetId));
}

async function talliesOf(trx: TenantTrx, backupSetId: string): Promise<TypeTally[]> {
  const { rows } = await sql<TypeTally>`
    with items as (
      select p.policy_type, count(*)::int as planned, count(s.id)::int as captured,
        (count(*) filter (where not s.complete))::int as unproved
      from backup_set_items i
      join policies p on p.tenant_id = i.tenant_id and p.id = i.policy_id
      left join snapshots s on s.tenant_id = i.tenant_id and s.id = i.snapshot_id
      where i.tenant_id = ${trx.tenantId} and i.backup_set_id = ${backupSetId}
      group by p.policy_type
    ), types as (
      select * from backup_set_types
      where tenant_id = ${trx.tenantId} and backup_set_id = ${backupSetId}
    )
    select policy_type as type, listed, coalesce(planned, 0) as planned,
      coalesce(captured, 0) as captured, coalesce(unproved, 0) as unproved,
      coalesce(built_in, 0) as "builtIn", coalesce(forbidden, false) as forbidden,
      coalesce(unsupported, false) as unsupported, error_code is not null as "listingFailed"
    from items full join types using (policy_type) order by policy_type`.execute(trx);
  return rows;
}

/**
 * Hashes one line an item, in the order of type and Graph id. The database does it: twenty thousand lines need not
 * travel.
 */
async function contentHashOf(trx: TenantTrx, backupSetId: string): Promise<string> {
  const { rows } = await sql<{ hash: string }>`
    select encode(sha256(convert_to(coalesce(string_agg(
      s.policy_type || ' ' || s.graph_id || ' ' || encode(s.sha256, 'hex') || E'\n', ''
      order by s.policy_type collate "C", s.graph_id collate "C"), ''), 'UTF8')), 'hex') as hash
    from backup_set_items i
    join snapshots s on s.tenant_id = i.tenant_id and s.id = i.snapshot_id
    where i.tenant_id = ${trx.tenantId} and i.backup_set_id = ${backupSetId}`.execute(trx);
  return rows[0]?.hash ?? '';
}
