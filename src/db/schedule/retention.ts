import { sql } from 'kysely';
import { insertAuditEvent } from '#db/audit/audit-events.ts';
import type { RetentionTrx } from '#db/database.ts';
import type { BackupScheduleRow } from '#db/tables.ts';

// Order of locks: first the row of a set, so that no run can begin to use a set about to be deleted; then the rows used
// by this set alone, which no other transaction locks; last the contents, but only those without a lock of a capture.
// These functions wait for one lock only, the head of the audit trail; all transactions take it last, so there is no
// deadlock.

export type RetentionRule = Pick<BackupScheduleRow, 'id' | 'keep_last' | 'keep_days'>;

/** Lists the schedules of a tenant with a retention rule. */
export function listRetentionRules(trx: RetentionTrx): Promise<RetentionRule[]> {
  return trx
    .selectFrom('backup_schedules')
    .select(['id', 'keep_last', 'keep_days'])
    .where('tenant_id', '=', trx.tenantId)
    .where((eb) => eb.or([eb('keep_last', 'is not', null), eb('keep_days', 'is not', null)]))
    .orderBy('id')
    .execute();
}

/**
 * Marks the expired sets of a schedule for deletion; all readers ignore them from then on. Exempt are the newest
 * complete set, sets with an active run, and sets named by a schedule of drift checks.
 * @returns the ids of the marked sets.
 */
export async function markExpiredSets(trx: RetentionTrx, rule: RetentionRule): Promise<string[]> {
  const marked: string[] = [];
  for (const expired of await listExpiredSets(trx, rule)) {
    if (!(await markUnused(trx, expired.id))) continue;
    marked.push(expired.id);
    await insertAuditEvent(trx, {
      actor: `schedule:${rule.id}`,
      action: 'backup_set.deleted',
      target: { type: 'backup_set', id: expired.id },
      details: { items: expired.items, keepLast: rule.keep_last, keepDays: rule.keep_days },
    });
  }
  return marked;
}

/** More sets expire at once only after a rule was tightened; the next round marks the rest. */
const setsMarkedMax = 200;

/**
 * Only sets of succeeded or partly succeeded runs count towards `keep_last`: failed nights must not push out the last
 * good backup.
 */
async function listExpiredSets(
  trx: RetentionTrx,
  rule: RetentionRule,
): Promise<{ id: string; items: number }[]> {
  const { rows } = await sql<{ id: string; items: number }>`
    with sets as (
      select s.id, s.created_at,
        exists (select from runs r where r.tenant_id = s.tenant_id and r.target_id = s.id::text
          and r.status in ('succeeded', 'partial')) as made,
        coalesce((s.manifest ->> 'complete')::boolean, false) and not exists (
          select from snapshot_contents c
          join snapshots n on n.tenant_id = c.tenant_id and n.sha256 = c.sha256
          join backup_set_items i on i.tenant_id = n.tenant_id and i.snapshot_id = n.id
          where c.tenant_id = s.tenant_id and c.damaged_at is not null and i.backup_set_id = s.id
        ) as complete
      from backup_sets s
      where s.tenant_id = ${trx.tenantId} and s.schedule_id = ${rule.id} and s.deleting_at is null
    ), ranked as (
      select id, created_at, count(*) filter (where made) over (order by created_at desc, id desc
        rows between unbounded preceding and 1 preceding) as newer
      from sets
    )
    select id, (select count(*)::int from backup_set_items i
      where i.tenant_id = ${trx.tenantId} and i.backup_set_id = ranked.id) as items
    from ranked
    where not coalesce(newer < ${rule.keep_last}::integer, false)
      and not coalesce(created_at > now() - make_interval(days => ${rule.keep_days}::integer), false)
      and id is distinct from (
        select id from sets where complete order by created_at desc, id desc limit 1)
      and not exists (select from backup_schedules d
        where d.tenant_id = ${trx.tenantId} and d.backup_set_id = ranked.id)
    order by created_at, id limit ${setsMarkedMax}`.execute(trx);
  return rows;
}

async function markUnused(trx: RetentionTrx, backupSetId: string): Promise<boolean> {
  const { rows } = await sql`
    select from backup_sets where tenant_id = ${trx.tenantId} and id = ${backupSetId} and deleting_at is null
    for update skip locked`.execute(trx);
  if (rows.length === 0) return false;
  // Checked after the lock, because the start of a run and the change of a schedule lock the set, too.
  const { numAffectedRows } = await sql`
    update backup_sets set deleting_at = now()
    where tenant_id = ${trx.tenantId} and id = ${backupSetId} and not exists (
      select from runs r where r.tenant_id = ${trx.tenantId} and r.target_id = ${backupSetId}::text
        and r.status in ('queued', 'running'))
      and not exists (select from backup_schedules d
        where d.tenant_id = ${trx.tenantId} and d.backup_set_id = ${backupSetId})`.execute(trx);
  return numAffectedRows === 1n;
}

/** Lists the sets marked for deletion, by this round or by an interrupted one. */
export async function listGoingSets(trx: RetentionTrx): Promise<string[]> {
  const rows = await trx
    .selectFrom('backup_sets')
    .select('id')
    .where('tenant_id', '=', trx.tenantId)
    .where('schedule_id', 'is not', null)
    .where('deleting_at', 'is not', null)
    .orderBy('id')
    .execute();
  return rows.map((row) => row.id);
}

/**
 * Deletes a piece of a marked set: items, the snapshots and contents used by these alone, and at last the set itself.
 * It spares the last snapshot of a policy, because the next backup compares with it, and the snapshots taken by a
 * restore before its writes, because an undo reads them.
 * @param itemsMax the number of items, at most.
 * @returns whether rows of the set are left.
 */
export async function deletePieceOfSet(
  trx: RetentionTrx,
  backupSetId: string,
  itemsMax: number,
): Promise<boolean> {
  // Another round may be deleting the set, an operator's or an attempt thought dead; leave the set to it.
  const { rows: held } = await sql`
    select from backup_sets
    where tenant_id = ${trx.tenantId} and id = ${backupSetId} and deleting_at is not null
    for update skip locked`.execute(trx);
  if (held.length === 0) return false;
  const { rows: items } = await sql<{ snapshot_id: string | null }>`
    delete from backup_set_items where tenant_id = ${trx.tenantId} and backup_item_id in (
      select i.backup_item_id from backup_set_items i
      where i.tenant_id = ${trx.tenantId} and i.backup_set_id = ${backupSetId}
      order by i.backup_item_id limit ${itemsMax})
    returning snapshot_id`.execute(trx);
  const snapshotIds = items.flatMap(({ snapshot_id }) => snapshot_id ?? []);
  const { rows: snapshots } = await sql<{ sha256: Buffer }>`
    delete from snapshots s where s.tenant_id = ${trx.tenantId} and s.id = any (${snapshotIds}::uuid[])
      and not exists (select from backup_set_items i
        where i.tenant_id = s.tenant_id and i.snapshot_id = s.id)
      and not exists (select from policies p
        where p.tenant_id = s.tenant_id and p.last_snapshot_id = s.id)
      and not exists (select from restore_items r
        where r.tenant_id = s.tenant_id and r.snapshot_id = s.id)
    returning s.sha256`.execute(trx);
  await deleteContents(
    trx,
    snapshots.map(({ sha256 }) => sha256),
  );
  if (items.length === itemsMax) return true;
  await sql`
    delete from backup_set_types
    where tenant_id = ${trx.tenantId} and backup_set_id = ${backupSetId}`.execute(trx);
  await sql`delete from backup_sets where tenant_id = ${trx.tenantId} and id = ${backupSetId}`.execute(
    trx,
  );
  return false;
}

/**
 * Deletes contents without a snapshot: an earlier piece spared them because a capture had locked them.
 * @returns the number of deleted contents.
 */
export async function deleteOrphanContents(
  trx: RetentionTrx,
  contentsMax: number,
): Promise<number> {
  const { rows } = await sql<{ sha256: Buffer }>`
    select c.sha256 from snapshot_contents c where c.tenant_id = ${trx.tenantId}
      and not exists (select from snapshots s
        where s.tenant_id = c.tenant_id and s.sha256 = c.sha256)
    limit ${contentsMax}`.execute(trx);
  return deleteContents(
    trx,
    rows.map(({ sha256 }) => sha256),
  );
}

async function deleteContents(trx: RetentionTrx, hashes: readonly Buffer[]): Promise<number> {
  if (hashes.length === 0) return 0;
  const { rows: locked } = await sql<{ sha256: Buffer }>`
    select sha256 from snapshot_contents
    where tenant_id = ${trx.tenantId} and sha256 = any (${[...hashes]}::bytea[])
    for update skip locked`.execute(trx);
  // A second statement, because it sees the snapshots of captures that have just released their lock on the content.
  const { numAffectedRows = 0n } = await sql`
    delete from snapshot_contents c
    where c.tenant_id = ${trx.tenantId} and c.sha256 = any (${locked.map((row) => row.sha256)}::bytea[])
      and not exists (select from snapshots s
        where s.tenant_id = c.tenant_id and s.sha256 = c.sha256)`.execute(trx);
  return Number(numAffectedRows);
}
