import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';
import type { ArchiveRow } from '#db/tables.ts';
import { activeRunStatuses } from '#domain/run/run.ts';

export interface NewArchive {
  /** The id of the run, an export or an import. */
  readonly id: string;
  readonly kind: ArchiveRow['kind'];
  readonly expiresAt: Date;
}

/** Inserts an archive without bytes. */
export async function insertArchive(
  trx: TenantTrx,
  { id, kind, expiresAt }: NewArchive,
): Promise<void> {
  await trx
    .insertInto('archives')
    .values({ tenant_id: trx.tenantId, id, kind, expires_at: expiresAt })
    .execute();
}

/** Finds an archive, without its bytes. */
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
 * Begins a new attempt at writing an archive: it deletes the chunks of earlier attempts, and later chunks of those are
 * refused.
 * @returns the generation of this attempt, or undefined if the archive is complete or gone.
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

/** The facts of an archive after its last chunk is stored. */
export interface WrittenArchive {
  readonly generation: number;
  readonly chunkCount: number;
  readonly byteLength: number;
  readonly sha256: Buffer;
}

/** Marks an archive as complete. Returns false, without the mark, if another attempt has begun since. */
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

export async function deleteArchive(trx: TenantTrx, archiveId: string): Promise<void> {
  await trx
    .deleteFrom('archives')
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', archiveId)
    .execute();
}

/** Deletes the expired archives of a tenant with their bytes, except those of active runs. */
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
