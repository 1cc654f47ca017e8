import { sql } from 'kysely';
import type { Trx } from './database.ts';
import { type SnapshotCipher, SnapshotIntegrityError } from './snapshot-cipher.ts';
import { readSnapshotContent } from './snapshots.ts';

/**
 * The hashes of a tenant's contents in their order.
 * @param page.after the last one of the page before, or null.
 */
export async function listContentHashes(
  trx: Trx,
  tenantId: string,
  page: { readonly after: Buffer | null; readonly limit: number },
): Promise<Buffer[]> {
  const rows = await trx
    .selectFrom('snapshot_contents')
    .select('sha256')
    .where('tenant_id', '=', tenantId)
    .$if(page.after !== null, (query) => query.where('sha256', '>', page.after))
    .orderBy('sha256')
    .limit(page.limit)
    .execute();
  return rows.map((row) => row.sha256);
}

/** What a verification has found; `gone` where retention was quicker. */
export type Verified = 'sound' | 'damaged' | 'gone';

/** Reads a content as whoever restores it will, and writes down whether it is still what was kept. */
export async function verifyContent(
  trx: Trx,
  cipher: SnapshotCipher,
  tenantId: string,
  hash: Buffer,
): Promise<Verified> {
  // The lock keeps a capture that has just mended the content from being called damaged for what was there before.
  const held = await trx
    .selectFrom('snapshot_contents')
    .select('sha256')
    .where('tenant_id', '=', tenantId)
    .where('sha256', '=', hash)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (held === undefined) return 'gone';
  const sound = await isSound(trx, cipher, tenantId, hash);
  await trx
    .updateTable('snapshot_contents')
    .set({
      verified_at: sql<Date>`now()`,
      damaged_at: sound ? null : sql<Date>`coalesce(damaged_at, now())`,
    })
    .where('tenant_id', '=', tenantId)
    .where('sha256', '=', hash)
    .execute();
  return sound ? 'sound' : 'damaged';
}

async function isSound(
  trx: Trx,
  cipher: SnapshotCipher,
  tenantId: string,
  hash: Buffer,
): Promise<boolean> {
  try {
    await readSnapshotContent(trx, cipher, tenantId, hash);
    return true;
  } catch (error) {
    if (error instanceof SnapshotIntegrityError) return false;
    throw error;
  }
}

/** The ids of some snapshots that have a content: what an operator looks for in the log. */
export async function listSnapshotIdsOfContent(
  trx: Trx,
  tenantId: string,
  hash: Buffer,
  limit: number,
): Promise<string[]> {
  const rows = await trx
    .selectFrom('snapshots')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('sha256', '=', hash)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}
