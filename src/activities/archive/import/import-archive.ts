import type { Listing } from '#db/backup/backup-sets.ts';
import { ArchiveRejectedError } from '#domain/archive/archive-rejected.ts';
import { manifestPath } from '#domain/archive/tenantry-layout.ts';
import { policyKey } from '#domain/identity/graph-id.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import type { DocumentFacts } from './import-document.ts';
import { type FindGroupIds, readIntuneCdArchive } from './import-intunecd.ts';
import { readTenantryArchive } from './import-tenantry.ts';
import { openZip } from './import-zip.ts';

/** A policy of an archive that has been checked. Its document is unpacked again when it is wanted. */
export interface ArchivedPolicy {
  readonly type: PolicyType;
  readonly facts: Pick<DocumentFacts, 'seen'>;
  /** False where the archive does not claim to hold all of the policy. */
  readonly complete: boolean;
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  /** Which entry of the zip it is. */
  readonly entry: number;
  readonly document: () => Promise<string>;
}

/** An archive every byte of which has been checked. */
export interface CheckedArchive {
  /** The name of the set that it was made of, where it tells. */
  readonly name: string | null;
  /** What it says of whole types. */
  readonly listings: readonly { readonly policyType: string; readonly listing: Listing }[];
  readonly policies: readonly ArchivedPolicy[];
}

/**
 * Reads a zip in either of our formats, all of it. Throws ArchiveRejectedError for what is not beyond doubt.
 * @param findGroupIds IntuneCD tells groups by their names.
 */
export async function checkArchive(
  bytes: Buffer,
  findGroupIds: FindGroupIds,
): Promise<CheckedArchive> {
  const files = await openZip(bytes);
  const manifest = files.find(({ path }) => path === manifestPath);
  const archive =
    manifest === undefined
      ? await readIntuneCdArchive(files, findGroupIds)
      : await readTenantryArchive(manifest, files);
  assertDistinct(archive.policies);
  return archive;
}

function assertDistinct(policies: readonly ArchivedPolicy[]): void {
  const seen = new Set<string>();
  for (const { type, facts, entry } of policies) {
    const key = policyKey(type.type, facts.seen.graphId);
    if (seen.has(key)) throw new ArchiveRejectedError('duplicate_policy', entry);
    seen.add(key);
  }
}
