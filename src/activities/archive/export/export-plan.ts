import { type HeldPolicy, listHeldPolicies } from '#db/backup/backup-set-contents.ts';
import { computeManifest } from '#db/backup/backup-manifests.ts';
import { findBackupSetById } from '#db/backup/backup-sets.ts';
import type { TenantTrx } from '#db/database.ts';
import { contentHash } from '#domain/archive/content-hash.ts';
import type { Manifest } from '#domain/backup/manifest.ts';

/** How often a set is read again that another run has filled meanwhile; each time has to fall into its transaction. */
const attemptsMax = 20;

/** A backup set at one moment. */
export interface HeldSet {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly manifest: Manifest;
  readonly policies: readonly HeldPolicy[];
}

/**
 * Reads what a backup set holds, and the manifest over exactly that: a run may be adding to it.
 * @throws Error when the set is not there, or never stands still.
 */
export async function readHeldSet(trx: TenantTrx, backupSetId: string): Promise<HeldSet> {
  const row = await findBackupSetById(trx, backupSetId);
  if (row === undefined) throw new Error('the backup set of the export is gone');
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const policies = await listHeldPolicies(trx, backupSetId);
    const manifest = await computeManifest(trx, backupSetId);
    if (manifest.contentHash === hashOf(policies)) {
      // A run that was cut off has said that the set is not whole, which the rows do not tell.
      const complete = manifest.complete && row.manifest?.complete === true;
      const facts = { id: row.id, name: row.name, createdAt: row.created_at, policies };
      return { ...facts, manifest: { ...manifest, complete } };
    }
  }
  throw new Error('the backup set changed each time that it was read');
}

function hashOf(policies: readonly HeldPolicy[]): string {
  return contentHash(
    policies.map(({ policyType, graphId, sha256 }) => ({
      type: policyType,
      graphId,
      sha256: sha256.toString('hex'),
    })),
  );
}
