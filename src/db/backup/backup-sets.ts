import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';
import { type Page, type PageRequest, toPage } from '#db/page.ts';
import type { BackupSetRow, Warning } from '#db/tables.ts';
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
