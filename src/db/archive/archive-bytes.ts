import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import { inTenant, type TenantTrx } from '#db/database.ts';
import { type SnapshotCipher, SnapshotIntegrityError } from '#db/snapshot/snapshot-cipher.ts';
import type { ArchiveRow, Database } from '#db/tables.ts';
import { archiveChunkBytes, insertArchiveChunk, readArchiveChunk } from './archive-chunks.ts';
import { completeArchive, type NewArchive, insertArchive } from './archives.ts';

/** Inserts an archive with all of its bytes, for bytes already in memory. */
export async function insertWholeArchive(
  trx: TenantTrx,
  cipher: SnapshotCipher,
  archive: NewArchive,
  bytes: Buffer,
): Promise<void> {
  await insertArchive(trx, archive);
  const generation = 0;
  let chunkCount = 0;
  for (let at = 0; at < bytes.length; at += archiveChunkBytes) {
    const chunk = bytes.subarray(at, at + archiveChunkBytes);
    const ref = { archiveId: archive.id, generation, seq: chunkCount };
    await insertArchiveChunk(trx, cipher, { ...ref, bytes: chunk });
    chunkCount += 1;
  }
  const sha256 = createHash('sha256').update(bytes).digest();
  const written = { generation, chunkCount, byteLength: bytes.length, sha256 };
  await completeArchive(trx, archive.id, written);
}

/**
 * Yields the bytes of a complete archive chunk by chunk, and verifies each chunk before it is yielded and the whole at
 * the end. Every chunk has a transaction of its own, so a slow reader holds none open.
 * @throws SnapshotIntegrityError if the bytes are damaged.
 */
export async function* archiveBytes(
  db: Kysely<Database>,
  cipher: SnapshotCipher,
  archive: ArchiveRow,
): AsyncGenerator<Buffer, void, void> {
  const hash = createHash('sha256');
  for (let seq = 0; seq < (archive.chunk_count ?? 0); seq += 1) {
    const chunk = await inTenant(db, archive.tenant_id, (trx) =>
      readArchiveChunk(trx, cipher, archive, seq),
    );
    hash.update(chunk);
    yield chunk;
  }
  if (!archive.sha256?.equals(hash.digest())) {
    throw new SnapshotIntegrityError('the bytes of the archive do not have its hash');
  }
}
