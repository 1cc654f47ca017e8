import { cancellationSignal } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import { permanentFailure } from '#activities/runtime/activity-failure.ts';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { heartbeating } from '#activities/runtime/heartbeating.ts';
import { runOf } from '#activities/runtime/run-of.ts';
import { archiveBytes } from '#db/archive/archive-bytes.ts';
import { deleteArchive, findArchiveById } from '#db/archive/archives.ts';
import { inTenant } from '#db/database.ts';
import { findGroupIdsByNames } from '#db/directory/directory-groups.ts';
import { findRunById } from '#db/run/runs.ts';
import { SnapshotIntegrityError } from '#db/snapshot/snapshot-cipher.ts';
import type { RunRow } from '#db/tables.ts';
import { ArchiveRejectedError } from '#domain/archive/archive-rejected.ts';
import type { WholeRunActivities } from '#domain/run/activity-types.ts';
import { isTerminal } from '#domain/run/run.ts';
import type { CheckedArchive } from './checked-archive.ts';
import { checkArchive } from './import-archive.ts';
import { keepPolicies, planImport } from './import-policies.ts';

/**
 * Checks every byte of the zip of an import, and only then keeps its policies as a backup set. An attempt continues
 * where the last one ended.
 */
export function createKeepImport(deps: ActivityDeps): WholeRunActivities['keepImport'] {
  return async ({ runId }) => {
    const { tenant_id: tenantId } = await runOf(deps.db, runId);
    const { run, archive } = await inTenant(deps.db, tenantId, async (trx) => ({
      run: await findRunById(trx, runId),
      archive: await findArchiveById(trx, runId),
    }));
    // An earlier attempt has kept everything (the bytes go last), or the run ended without its workflow.
    if (archive === undefined || (run !== undefined && isTerminal(run.status))) return;
    if (run?.target_id == null) throw permanentFailure('internal_error', { runId });
    const target = { run, backupSetId: run.target_id };
    await heartbeating(async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of archiveBytes(deps.db, deps.cipher, archive)) chunks.push(chunk);
      const checked = await checkArchive(Buffer.concat(chunks), (names) =>
        inTenant(deps.db, tenantId, (trx) => findGroupIdsByNames(trx, names)),
      );
      await keep(deps, target, checked);
    }).catch((error: unknown) => refuse(deps, run, error));
    await forget(deps, run);
  };
}

async function keep(
  deps: ActivityDeps,
  target: { readonly run: RunRow; readonly backupSetId: string },
  archive: CheckedArchive,
): Promise<void> {
  assertNotCancelled();
  const planned = await planImport(deps, target, archive);
  await keepPolicies(deps, target.run, archive, planned, assertNotCancelled);
}

function assertNotCancelled(): void {
  if (cancellationSignal().aborted) throw new CancelledFailure('the import was cancelled');
}

/** Always throws. A final refusal carries its reason; the bytes are deleted before. */
async function refuse(deps: ActivityDeps, run: RunRow, error: unknown): Promise<never> {
  if (error instanceof ArchiveRejectedError) {
    await forget(deps, run);
    throw permanentFailure('archive_rejected', { reason: error.reason, entry: error.entry });
  }
  if (error instanceof SnapshotIntegrityError) throw permanentFailure('snapshot_corrupt', {});
  throw error;
}

function forget({ db }: ActivityDeps, { tenant_id: tenantId, id }: RunRow): Promise<void> {
  return inTenant(db, tenantId, (trx) => deleteArchive(trx, id));
}
