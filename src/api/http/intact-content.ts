import { inTenant } from '#db/database.ts';
import { SnapshotIntegrityError } from '#db/snapshot/snapshot-cipher.ts';
import { readSnapshotContent, type SnapshotSummary } from '#db/snapshot/snapshots.ts';
import type { ApiDependencies } from './dependencies.ts';
import { Problem } from './problem.ts';

/** The content of a snapshot, byte for byte as it was captured. @throws Problem `snapshot_corrupt` for damaged content. */
export async function readIntactContent(
  deps: ApiDependencies,
  tenantId: string,
  snapshot: SnapshotSummary,
): Promise<string> {
  try {
    return await inTenant(deps.db, tenantId, (trx) =>
      readSnapshotContent(trx, deps.cipher, snapshot.sha256),
    );
  } catch (error) {
    if (!(error instanceof SnapshotIntegrityError)) throw error;
    deps.log.error(
      { tenantId, snapshotId: snapshot.id, reason: error.message },
      'a stored snapshot is damaged',
    );
    throw new Problem(
      'snapshot_corrupt',
      'The stored content does not have the hash it was kept under.',
    );
  }
}
