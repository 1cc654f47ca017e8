import { ArchiveRejectedError } from '#domain/archive/archive-rejected.ts';
import { manifestPath } from '#domain/archive/tenantry-layout.ts';
import { policyKey } from '#domain/identity/graph-id.ts';
import type { ArchivedPolicy, CheckedArchive } from './checked-archive.ts';
import { type FindGroupIds, readIntuneCdArchive } from './import-intunecd.ts';
import { readTenantryArchive } from './import-tenantry.ts';
import { openZip } from './import-zip.ts';

/**
 * Checks a whole zip in either format.
 * @param findGroupIds IntuneCD names groups instead of their ids.
 * @throws ArchiveRejectedError for any doubt.
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
