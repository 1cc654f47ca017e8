import { type HeldPolicy, listHeldPolicies } from '#db/backup/backup-set-contents.ts';
import { computeManifest } from '#db/backup/backup-manifests.ts';
import { findBackupSetById } from '#db/backup/backup-sets.ts';
import type { TenantTrx } from '#db/database.ts';
import { contentHash } from '#domain/archive/content-hash.ts';
import type { Manifest } from '#domain/backup/manifest.ts';

/** Attempts to read a set while other runs fill it. Each conflict needs a commit between two reads. */
const attemptsMax = 20;

/** A consistent view of a backup set. */
export interface HeldSet {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly manifest: Manifest;
  readonly policies: readonly HeldPolicy[];
}

/**
 * Reads the items of a backup set with a manifest of exactly these items, because a run may be adding more.
 * @throws Error if the set is gone or keeps changing.
 */
export async function readHeldSet(trx: TenantTrx, backupSetId: string): Promise<HeldSet> {
  const row = await findBackupSetById(trx, backupSetId);
  if (row === undefined) throw new Error('the backup set of the export is gone');
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const policies = await listHeldPolicies(trx, backupSetId);
    const manifest = await computeManifest(trx, backupSetId);
    if (manifest.contentHash === hashOf(policies)) {
      // An interrupted run marked the set as not whole; the rows alone do not show it.
      const complete = manifest.complete && row.manifest?.complete === true;
      const facts = { id: row.id, name: row.name, createdAt: row.created_at, policies };
      return { ...facts, manifest: { ...manifest, complete } };
    }
  }
  throw new Error('the backup set changed during every read');
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
