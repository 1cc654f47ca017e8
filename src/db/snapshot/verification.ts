import { NoResultError, sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';
import { type SnapshotCipher, SnapshotIntegrityError } from './snapshot-cipher.ts';
import { readSnapshotContent } from './snapshots.ts';

/**
 * Lists the hashes of a tenant's contents in ascending order.
 * @param page.after the last hash of the previous page, or null.
 */
export async function listContentHashes(
  trx: TenantTrx,
  page: { readonly after: Buffer | null; readonly limit: number },
): Promise<Buffer[]> {
  const rows = await trx
    .selectFrom('snapshot_contents')
    .select('sha256')
    .where('tenant_id', '=', trx.tenantId)
    .$if(page.after !== null, (query) => query.where('sha256', '>', page.after))
    .orderBy('sha256')
    .limit(page.limit)
    .execute();
  return rows.map((row) => row.sha256);
}

/** The result of a verification; `gone` if retention deleted the content meanwhile. */
export type Verified = 'sound' | 'damaged' | 'gone';

/** Reads a content exactly as a restore does, and tells whether it is intact. */
export async function checkContent(
  trx: TenantTrx,
  cipher: SnapshotCipher,
  hash: Buffer,
): Promise<Verified> {
  try {
    await readSnapshotContent(trx, cipher, hash);
    return 'sound';
  } catch (error) {
    if (error instanceof SnapshotIntegrityError) return 'damaged';
    if (error instanceof NoResultError) return 'gone';
    throw error;
  }
}

/** Marks contents as sound. */
export async function noteSoundContents(trx: TenantTrx, hashes: readonly Buffer[]): Promise<void> {
  // Captures lock contents to mend in the same order, which avoids a deadlock.
  await sql`
    with sound as (
      select sha256 from snapshot_contents
      where tenant_id = ${trx.tenantId} and sha256 = any (${[...hashes]}::bytea[])
      order by sha256 for no key update
    )
    update snapshot_contents c set verified_at = now(), damaged_at = null from sound
    where c.tenant_id = ${trx.tenantId} and c.sha256 = sound.sha256`.execute(trx);
}

/**
 * Checks a content again under a lock and stores the result. Without the lock, a capture could mend the content between
 * the check and the mark as damaged.
 */
export async function verifyContent(
  trx: TenantTrx,
  cipher: SnapshotCipher,
  hash: Buffer,
): Promise<Verified> {
  await trx
    .selectFrom('snapshot_contents')
    .select('sha256')
    .where('tenant_id', '=', trx.tenantId)
    .where('sha256', '=', hash)
    .forNoKeyUpdate()
    .execute();
  const verified = await checkContent(trx, cipher, hash);
  if (verified === 'sound') await noteSoundContents(trx, [hash]);
  if (verified === 'damaged') {
    await trx
      .updateTable('snapshot_contents')
      .set({ verified_at: sql<Date>`now()`, damaged_at: sql<Date>`coalesce(damaged_at, now())` })
      .where('tenant_id', '=', trx.tenantId)
      .where('sha256', '=', hash)
      .execute();
  }
  return verified;
}

/** Lists the ids of some snapshots with a content, for the operator to find in the log. */
export async function listSnapshotIdsOfContent(
  trx: TenantTrx,
  hash: Buffer,
  limit: number,
): Promise<string[]> {
  const rows = await trx
    .selectFrom('snapshots')
    .select('id')
    .where('tenant_id', '=', trx.tenantId)
    .where('sha256', '=', hash)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}
