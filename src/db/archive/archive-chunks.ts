import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';
import { type SnapshotCipher, SnapshotIntegrityError } from '#db/snapshot/snapshot-cipher.ts';
import type { ArchiveRow } from '#db/tables.ts';

/** The size of a row, and so the memory needed to write or read one. */
export const archiveChunkBytes = 1024 * 1024;

interface ChunkRef {
  readonly archiveId: string;
  readonly generation: number;
  readonly seq: number;
}

/** Binds a chunk to its place: the cipher refuses to open sealed bytes moved or copied elsewhere. */
function placeOf({ archiveId, seq }: ChunkRef, hash: Buffer): Buffer {
  return createHash('sha256')
    .update(`archive ${archiveId} ${seq} ${hash.toString('hex')}`)
    .digest();
}

/**
 * Seals and stores a chunk of an unfinished archive.
 * @returns false if another attempt has begun since, or the archive is complete or gone.
 */
export async function insertArchiveChunk(
  trx: TenantTrx,
  cipher: SnapshotCipher,
  chunk: ChunkRef & { readonly bytes: Buffer },
): Promise<boolean> {
  const hash = createHash('sha256').update(chunk.bytes).digest();
  const sealed = cipher.seal(trx.tenantId, placeOf(chunk, hash), chunk.bytes);
  const { rows } = await sql`
    insert into archive_chunks (tenant_id, archive_id, generation, seq, sha256, key_id, nonce, ciphertext)
    select a.tenant_id, a.id, a.generation, ${chunk.seq}::int, ${hash}, ${sealed.keyId}, ${sealed.nonce},
      ${sealed.ciphertext}
    from archives a where a.tenant_id = ${trx.tenantId} and a.id = ${chunk.archiveId}
      and a.generation = ${chunk.generation} and not a.complete
    for share returning seq`.execute(trx);
  return rows.length === 1;
}

/** Opens a chunk of a complete archive. @throws SnapshotIntegrityError if the chunk is damaged or gone. */
export async function readArchiveChunk(
  trx: TenantTrx,
  cipher: SnapshotCipher,
  archive: Pick<ArchiveRow, 'id' | 'generation'>,
  seq: number,
): Promise<Buffer> {
  const row = await trx
    .selectFrom('archive_chunks')
    .select(['sha256', 'key_id', 'nonce', 'ciphertext'])
    .where('tenant_id', '=', trx.tenantId)
    .where('archive_id', '=', archive.id)
    .where('generation', '=', archive.generation)
    .where('seq', '=', seq)
    .executeTakeFirst();
  if (row === undefined) throw new SnapshotIntegrityError('a part of the archive is gone');
  const place = placeOf({ archiveId: archive.id, generation: archive.generation, seq }, row.sha256);
  return cipher.open(trx.tenantId, place, {
    keyId: row.key_id,
    nonce: row.nonce,
    ciphertext: row.ciphertext,
  });
}
