import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';
import type { ArchiveRow } from '#db/tables.ts';
import { activeRunStatuses } from '#domain/run/run.ts';

export interface NewArchive {
  /** That of the run which makes or reads it. */
  readonly id: string;
  readonly kind: ArchiveRow['kind'];
  readonly expiresAt: Date;
}

/** Inserts an archive that has no bytes yet. */
export async function insertArchive(
  trx: TenantTrx,
  { id, kind, expiresAt }: NewArchive,
): Promise<void> {
  await trx
    .insertInto('archives')
    .values({ tenant_id: trx.tenantId, id, kind, expires_at: expiresAt })
    .execute();
}

/** An archive by its id, without its bytes. */
export function findArchiveById(
  trx: TenantTrx,
  archiveId: string,
): Promise<ArchiveRow | undefined> {
  return trx
    .selectFrom('archives')
    .selectAll()
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', archiveId)
    .executeTakeFirst();
}

/**
 * Begins to write an archive anew: what earlier attempts have written goes, and what they still write is refused.
 * @returns the generation that this attempt writes, or undefined when the archive is complete or gone.
 */
export async function beginArchive(trx: TenantTrx, archiveId: string): Promise<number | undefined> {
  const row = await trx
    .updateTable('archives')
    .set((eb) => ({ generation: eb('generation', '+', 1) }))
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', archiveId)
    .where('complete', '=', false)
    .returning('generation')
    .executeTakeFirst();
  if (row === undefined) return undefined;
  await trx
    .deleteFrom('archive_chunks')
    .where('tenant_id', '=', trx.tenantId)
    .where('archive_id', '=', archiveId)
    .execute();
  return row.generation;
}

/** What is known of an archive when all of its chunks are kept. */
export interface WrittenArchive {
  readonly generation: number;
  readonly chunkCount: number;
  readonly byteLength: number;
  readonly sha256: Buffer;
}

/** Declares an archive complete. Returns false when another attempt has begun meanwhile; then it is not. */
export async function completeArchive(
  trx: TenantTrx,
  archiveId: string,
  written: WrittenArchive,
): Promise<boolean> {
  const updated = await trx
    .updateTable('archives')
    .set({
      complete: true,
      chunk_count: written.chunkCount,
      byte_length: written.byteLength,
      sha256: written.sha256,
    })
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', archiveId)
    .where('generation', '=', written.generation)
    .where('complete', '=', false)
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

/** Deletes an archive with its bytes. */
export async function deleteArchive(trx: TenantTrx, archiveId: string): Promise<void> {
  await trx
    .deleteFrom('archives')
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', archiveId)
    .execute();
}

/** Deletes the archives of a tenant whose time is over, with their bytes; not under a run that still works with one. */
export async function deleteExpiredArchives(trx: TenantTrx): Promise<void> {
  const active = trx
    .selectFrom('runs')
    .select('id')
    .where('tenant_id', '=', trx.tenantId)
    .where('status', 'in', [...activeRunStatuses]);
  await trx
    .deleteFrom('archives')
    .where('tenant_id', '=', trx.tenantId)
    .where('expires_at', '<', sql<Date>`now()`)
    .where('id', 'not in', active)
    .execute();
}
