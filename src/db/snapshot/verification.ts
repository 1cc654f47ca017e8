import { NoResultError, sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';
import { type SnapshotCipher, SnapshotIntegrityError } from './snapshot-cipher.ts';
import { readSnapshotContent } from './snapshots.ts';

/**
 * The hashes of a tenant's contents in their order.
 * @param page.after the last one of the page before, or null.
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

/** What a content is found to be; `gone` where retention was quicker. */
export type Verified = 'sound' | 'damaged' | 'gone';

/** Reads a content as whoever restores it will, and says whether it is still what was kept. */
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

/** Notes that contents were found sound. */
export async function noteSoundContents(trx: TenantTrx, hashes: readonly Buffer[]): Promise<void> {
  // Locked in the order in which captures lock what they mend.
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
 * Checks a content once more and notes what it is.
 * The lock keeps a capture that has just mended it from being called damaged for what was there before.
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

/** The ids of some snapshots that have a content: what an operator looks for in the log. */
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
