import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';
import { type Page, type PageRequest, toPage } from '#db/page.ts';
import type { BackupSetRow, Warning } from '#db/tables.ts';
import { type Manifest, manifestOf, type TypeTally } from '#domain/backup/manifest.ts';
import { selectCapturedItems } from './select-captured-items.ts';

export interface NewBackupSet {
  readonly id: string;
  readonly name: string;
  readonly origin: 'backup' | 'import';
  readonly scheduleId: string | null;
  readonly createdBy: { readonly id: string; readonly displayName: string };
}

/** Inserts an empty backup set. */
export async function insertBackupSet(trx: TenantTrx, backupSet: NewBackupSet): Promise<void> {
  await trx
    .insertInto('backup_sets')
    .values({
      tenant_id: trx.tenantId,
      id: backupSet.id,
      name: backupSet.name,
      origin: backupSet.origin,
      schedule_id: backupSet.scheduleId,
      created_by_id: backupSet.createdBy.id,
      created_by_name: backupSet.createdBy.displayName,
    })
    .execute();
}

export type BackupSetSummary = BackupSetRow & {
  readonly item_count: number;
  /** True if the content of an item was found damaged. */
  readonly damaged: boolean;
};

function selectBackupSets(trx: TenantTrx) {
  return trx
    .selectFrom('backup_sets')
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom('backup_set_items')
        .select((count) => count.fn.countAll<number>().$castTo<number>().as('captured'))
        .whereRef('backup_set_items.tenant_id', '=', 'backup_sets.tenant_id')
        .whereRef('backup_set_items.backup_set_id', '=', 'backup_sets.id')
        .where('snapshot_id', 'is not', null)
        .as('item_count'),
    )
    .select(damagedItem)
    .where('backup_sets.tenant_id', '=', trx.tenantId)
    .where('backup_sets.deleting_at', 'is', null);
}

/** Begins with the damaged contents: they are few or none, while sets have many items. */
const damagedItem = sql<boolean>`exists (
  select from snapshot_contents c
  join snapshots s on s.tenant_id = c.tenant_id and s.sha256 = c.sha256
  join backup_set_items i on i.tenant_id = s.tenant_id and i.snapshot_id = s.id
  where c.tenant_id = backup_sets.tenant_id and c.damaged_at is not null
    and i.backup_set_id = backup_sets.id)`.as('damaged');

const withCount = (
  row: BackupSetRow & { item_count: number | null; damaged: boolean },
): BackupSetSummary => ({
  ...row,
  // Postgres counts in bigint, and pg reads a bigint as text.
  item_count: Number(row.item_count),
});

/**
 * Locks a set until the end of the transaction: retention cannot delete it before the new run is inserted.
 * @returns false if the set is gone.
 */
export async function lockBackupSetForUse(trx: TenantTrx, backupSetId: string): Promise<boolean> {
  const row = await trx
    .selectFrom('backup_sets')
    .select('id')
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', backupSetId)
    .where('deleting_at', 'is', null)
    .forKeyShare()
    .executeTakeFirst();
  return row !== undefined;
}

export async function findBackupSetById(
  trx: TenantTrx,
  backupSetId: string,
): Promise<BackupSetSummary | undefined> {
  const row = await selectBackupSets(trx)
    .where('backup_sets.id', '=', backupSetId)
    .executeTakeFirst();
  return row === undefined ? undefined : withCount(row);
}

/** Lists the backup sets of a tenant, newest first. */
export async function listBackupSets(
  trx: TenantTrx,
  page: PageRequest,
): Promise<Page<BackupSetSummary>> {
  const rows = await selectBackupSets(trx)
    .$if(page.before !== null, (query) => query.where('backup_sets.id', '<', page.before))
    .orderBy('backup_sets.id', 'desc')
    .limit(page.limit + 1)
    .execute();
  return toPage(rows.map(withCount), page.limit, (row) => row.id);
}

export interface BackupItemRow {
  readonly backup_item_id: string;
  readonly policy_id: string;
  readonly policy_type: string;
  readonly display_name: string;
  readonly graph_id: string;
  readonly snapshot_id: string;
  readonly sha256: Buffer;
  readonly byte_length: number;
  readonly damaged_at: Date | null;
  readonly snapshot_warnings: Warning[];
  readonly item_warnings: Warning[];
}

/** Lists the captured items of a backup set, newest first. */
export async function listBackupSetItems(
  trx: TenantTrx,
  backupSetId: string,
  page: PageRequest,
): Promise<Page<BackupItemRow>> {
  const rows = await selectCapturedItems(trx, backupSetId)
    .select([
      'item.backup_item_id',
      'item.policy_id',
      'item.warnings as item_warnings',
      'snapshots.id as snapshot_id',
      'snapshots.policy_type',
      'snapshots.display_name',
      'snapshots.graph_id',
      'snapshots.sha256',
      'snapshots.warnings as snapshot_warnings',
      'content.byte_length',
      'content.damaged_at',
    ])
    .$if(page.before !== null, (query) => query.where('item.backup_item_id', '<', page.before))
    .orderBy('item.backup_item_id', 'desc')
    .limit(page.limit + 1)
    .execute();
  return toPage(rows, page.limit, (row) => row.backup_item_id);
}

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
