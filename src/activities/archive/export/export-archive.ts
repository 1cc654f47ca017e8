import { createHash } from 'node:crypto';
import { cancellationSignal } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import { permanentFailure } from '#activities/runtime/activity-failure.ts';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { heartbeating } from '#activities/runtime/heartbeating.ts';
import { runOf } from '#activities/runtime/run-of.ts';
import { archiveChunkBytes, insertArchiveChunk } from '#db/archive/archive-chunks.ts';
import {
  beginArchive,
  completeArchive,
  deleteExpiredArchives,
  findArchiveById,
  type WrittenArchive,
} from '#db/archive/archives.ts';
import { contentsInOrder, type HeldPolicy } from '#db/backup/backup-set-contents.ts';
import { inTenant } from '#db/database.ts';
import { closePendingItems } from '#db/run/run-items.ts';
import { findRunById } from '#db/run/runs.ts';
import { SnapshotIntegrityError } from '#db/snapshot/snapshot-cipher.ts';
import type { WholeRunActivities } from '#domain/run/activity-types.ts';
import { isTerminal } from '#domain/run/run.ts';
import { safeParametersOf } from '#domain/run/run-parameters.ts';
import { type ExportFile, planFiles } from './export-files.ts';
import { readHeldSet } from './export-plan.ts';
import { piecesOf, type ZipSource, zipStream } from './export-zip.ts';

/**
 * Writes the backup set of an export into a zip, stored under the id of the run. Each attempt starts from the
 * beginning.
 */
export function createWriteExport(deps: ActivityDeps): WholeRunActivities['writeExport'] {
  return async ({ runId }) => {
    const { tenant_id: tenantId } = await runOf(deps.db, runId);
    const run = await inTenant(deps.db, tenantId, (trx) => findRunById(trx, runId));
    const asked = safeParametersOf('policies.export', run?.parameters);
    if (run?.target_id == null || asked === undefined) {
      throw permanentFailure('internal_error', { runId });
    }
    if (isTerminal(run.status)) return;
    const backupSetId = run.target_id;
    const generation = await begin(deps, tenantId, runId);
    if (generation === null) return;
    try {
      await heartbeating(async () => {
        const set = await inTenant(deps.db, tenantId, (trx) => readHeldSet(trx, backupSetId));
        const files = await planFiles(deps, tenantId, set, asked.format);
        const archive = { tenantId, runId, generation };
        await complete(deps, archive, await keep(deps, archive, files));
      });
    } catch (error) {
      if (error instanceof SnapshotIntegrityError) throw permanentFailure('snapshot_corrupt', {});
      throw error;
    }
  };
}

interface ArchiveOfRun {
  readonly tenantId: string;
  readonly runId: string;
  readonly generation: number;
}

/** @returns null if an earlier attempt has finished the archive. */
function begin({ db }: ActivityDeps, tenantId: string, runId: string): Promise<number | null> {
  return inTenant(db, tenantId, async (trx) => {
    await deleteExpiredArchives(trx);
    const generation = await beginArchive(trx, runId);
    if (generation !== undefined) return generation;
    const archive = await findArchiveById(trx, runId);
    if (archive === undefined) throw permanentFailure('internal_error', { runId });
    return null;
  });
}

async function keep(
  deps: ActivityDeps,
  { tenantId, runId, generation }: ArchiveOfRun,
  files: readonly ExportFile[],
): Promise<WrittenArchive> {
  const hash = createHash('sha256');
  let byteLength = 0;
  let chunkCount = 0;
  const zip = zipStream(sourcesOf(deps, tenantId, files));
  for await (const bytes of piecesOf(zip, archiveChunkBytes)) {
    if (cancellationSignal().aborted) throw new CancelledFailure('the export was cancelled');
    const chunk = { archiveId: runId, generation, seq: chunkCount, bytes };
    const kept = await inTenant(deps.db, tenantId, (trx) =>
      insertArchiveChunk(trx, deps.cipher, chunk),
    );
    if (!kept) throw new Error('another attempt writes this export');
    hash.update(bytes);
    byteLength += bytes.length;
    chunkCount += 1;
  }
  return { generation, chunkCount, byteLength, sha256: hash.digest() };
}

/** Yields the bytes of the files. It reads each content once, also for several files. */
function sourcesOf(
  { db, cipher }: ActivityDeps,
  tenantId: string,
  files: readonly ExportFile[],
): ZipSource[] {
  const policies = [...new Set(files.flatMap(({ policy }) => policy ?? []))];
  const contents = contentsInOrder(db, cipher, tenantId, policies);
  let present: { readonly policy: HeldPolicy; readonly content: string } | null = null;
  return files.map(({ path, policy, render }) => ({
    path,
    read: async () => {
      if (policy !== null && present?.policy !== policy) {
        present = { policy, content: (await contents.next()).value ?? '' };
      }
      return Buffer.from(render(present?.content ?? ''), 'utf8');
    },
  }));
}

async function complete(
  { db }: ActivityDeps,
  { tenantId, runId }: ArchiveOfRun,
  written: WrittenArchive,
): Promise<void> {
  await inTenant(db, tenantId, async (trx) => {
    if (!(await completeArchive(trx, runId, written))) {
      throw new Error('another attempt writes this export');
    }
    await closePendingItems(trx, runId, { outcome: 'succeeded' });
  });
}
