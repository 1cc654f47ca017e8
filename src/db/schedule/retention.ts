import { sql } from 'kysely';
import { insertAuditEvent } from '#db/audit/audit-events.ts';
import type { RetentionTrx } from '#db/database.ts';
import type { BackupScheduleRow } from '#db/tables.ts';

// The locks of these functions: the row of a set first, so that no run can begin to
// work with a set that goes; then what the set alone had, which nobody else has a reason to lock; last the contents, and
// of these only the ones that no capture holds at that moment. Nothing here waits for a lock but that of the head of the
// audit trail, which others take last, so nothing waits in a ring.

export type RetentionRule = Pick<BackupScheduleRow, 'id' | 'keep_last' | 'keep_days'>;

/** The schedules of a tenant that let go of what they have made. */
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
 * Marks the sets of a schedule that neither of its rules keeps as going: from then on nobody sees them. The newest
 * complete set always stays, and so does a set that a run works with, or that a schedule of drift checks names.
 * @returns the ids of what was marked.
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

/** More than this expire at once only when a rule has just been tightened; the next round takes the rest. */
const setsMarkedMax = 200;

/**
 * What only counts towards `keep_last` is what a run has brought to an end: nights that failed must not push out the
 * last good backup.
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
  // Asked after the lock: whoever starts a run on the set, or schedules one, locks it, too.
  const { numAffectedRows } = await sql`
    update backup_sets set deleting_at = now()
    where tenant_id = ${trx.tenantId} and id = ${backupSetId} and not exists (
      select from runs r where r.tenant_id = ${trx.tenantId} and r.target_id = ${backupSetId}::text
        and r.status in ('queued', 'running'))
      and not exists (select from backup_schedules d
        where d.tenant_id = ${trx.tenantId} and d.backup_set_id = ${backupSetId})`.execute(trx);
  return numAffectedRows === 1n;
}

/** The sets of a tenant that are marked as going, of this round or of one that did not come to its end. */
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
 * Takes a piece of a set that is going: items, the snapshots that nothing else uses, and the contents that are
 * nobody's any more; at the end the set itself. The last snapshot of a policy stays, since the next backup compares
 * with it, and so does one that a restore has taken before it wrote, since its undo reads it.
 * @param itemsMax how many items at most.
 * @returns whether something of the set is left.
 */
export async function deletePieceOfSet(
  trx: RetentionTrx,
  backupSetId: string,
  itemsMax: number,
): Promise<boolean> {
  // Another round may be at the set: an operator's, or an attempt that was thought dead. It goes on with it.
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
 * Deletes contents that no snapshot uses: what a piece has left because a capture held it at that moment.
 * @returns how many.
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
  // A second statement, since it sees the snapshots of captures that have let go of the content only now.
  const { numAffectedRows = 0n } = await sql`
    delete from snapshot_contents c
    where c.tenant_id = ${trx.tenantId} and c.sha256 = any (${locked.map((row) => row.sha256)}::bytea[])
      and not exists (select from snapshots s
        where s.tenant_id = c.tenant_id and s.sha256 = c.sha256)`.execute(trx);
  return Number(numAffectedRows);
}
