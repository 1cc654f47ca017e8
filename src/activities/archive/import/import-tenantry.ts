import { createHash } from 'node:crypto';
import type { Listing } from '#db/backup/backup-listings.ts';
import { ArchiveRejectedError } from '#domain/archive/archive-rejected.ts';
import { contentHash } from '#domain/archive/content-hash.ts';
import {
  type ManifestPolicy,
  type TenantryManifest,
  tenantryManifestSchema,
} from '#domain/archive/tenantry-manifest.ts';
import type { ManifestType } from '#domain/backup/manifest.ts';
import { isGraphId } from '#domain/identity/graph-id.ts';
import { jsonDepthMax } from '#domain/json/json-bounds.ts';
import { findPolicyType } from '#domain/policy-types/catalogue.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import type { ArchivedPolicy, CheckedArchive } from './checked-archive.ts';
import { documentDepthMax, documentFacts, jsonText } from './import-document.ts';
import type { ZipEntry } from './import-zip.ts';

/** Reads an archive in our own format. The manifest lists every file with its hash, and the archive has no other file. */
export async function readTenantryArchive(
  manifestFile: ZipEntry,
  files: readonly ZipEntry[],
): Promise<CheckedArchive> {
  const manifest = await readManifest(manifestFile);
  const unlisted = new Map(files.map((file) => [file.path, file]));
  unlisted.delete(manifestFile.path);
  const policies: ArchivedPolicy[] = [];
  for (const listed of manifest.policies) {
    const file = unlisted.get(listed.path);
    if (file === undefined) throw new ArchiveRejectedError('file_missing');
    unlisted.delete(listed.path);
    policies.push(await readPolicy(listed, file));
  }
  const [extra] = unlisted.values();
  if (extra !== undefined) throw new ArchiveRejectedError('file_not_listed', extra.index);
  return {
    name: manifest.name,
    listings: listingsOf(manifest),
    policies,
  };
}

async function readManifest(file: ZipEntry): Promise<TenantryManifest> {
  const text = jsonText(await file.read(), jsonDepthMax, file.index);
  const parsed = tenantryManifestSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new ArchiveRejectedError('bad_manifest', file.index);
  const { manifest, policies } = parsed.data;
  if (manifest.contentHash !== null && manifest.contentHash !== contentHash(policies)) {
    throw new ArchiveRejectedError('bad_manifest', file.index);
  }
  return parsed.data;
}

function known(type: string, entry: number): PolicyType {
  const found = findPolicyType(type);
  if (found === undefined) throw new ArchiveRejectedError('unknown_type', entry);
  return found;
}

async function readPolicy(listed: ManifestPolicy, file: ZipEntry): Promise<ArchivedPolicy> {
  const { index } = file;
  const type = known(listed.type, index);
  if (!isGraphId(listed.graphId)) throw new ArchiveRejectedError('bad_manifest', index);
  const bytes = await file.read();
  const hash = createHash('sha256').update(bytes).digest('hex');
  if (bytes.length !== listed.bytes || hash !== listed.sha256) {
    throw new ArchiveRejectedError('hash_mismatch', index);
  }
  const facts = documentFacts(
    type,
    listed.graphId,
    jsonText(bytes, documentDepthMax, index),
    index,
  );
  // A restore would overwrite the object of this id with another one.
  if (facts.itemId?.toLowerCase() !== listed.graphId.toLowerCase()) {
    throw new ArchiveRejectedError('not_a_policy', index);
  }
  return {
    type,
    facts: { seen: facts.seen },
    complete: listed.complete,
    warnings: [],
    entry: index,
    document: async () => jsonText(await file.read(), documentDepthMax, index),
  };
}

/** Marks an unfinished set in the list of its types. */
const unfinished = 'Tenantry: unfinished';

/** Returns the statements of the set about its types and its completeness: an import must not make a set complete. */
function listingsOf({ manifest, policies }: TenantryManifest): CheckedArchive['listings'] {
  const listings: { policyType: string; listing: Listing }[] = manifest.types.map((tally) => ({
    policyType: tally.type,
    listing: listingOf(tally),
  }));
  const lacks = manifest.types.some(({ failed, forbidden }) => failed + forbidden > 0);
  const isExplained = lacks || policies.some(({ complete }) => !complete);
  if (!manifest.complete && !isExplained) {
    const listing = { outcome: 'failed', errorCode: 'set_unfinished' } as const;
    listings.push({ policyType: unfinished, listing });
  }
  return listings;
}

/** Returns the row of one type with the statement of the set. */
function listingOf({
  listed,
  captured,
  failed,
  forbidden,
  unsupported,
  builtIn,
}: ManifestType): Listing {
  if (forbidden > 0) return { outcome: 'forbidden' };
  if (unsupported > 0) return { outcome: 'unsupported' };
  if (failed > listed - captured) return { outcome: 'failed', errorCode: 'listing_failed' };
  return { outcome: 'listed', listed, builtIn };
}
