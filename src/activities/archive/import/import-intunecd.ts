import { ArchiveRejectedError } from '#domain/archive/archive-rejected.ts';
import { derivedGraphId } from '#domain/archive/derived-graph-id.ts';
import {
  intuneCdPlace,
  type IntuneCdIds,
  type ReadPolicy,
  readIntuneCdFile,
} from '#domain/archive/intunecd-document.ts';
import type { IntuneCdRule } from '#domain/archive/intunecd-layout.ts';
import { defaultTag } from '#domain/archive/intunecd-words.ts';
import { jsonDepthMax } from '#domain/json/json-bounds.ts';
import { findPolicyType } from '#domain/policy-types/catalogue.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import type { ArchivedPolicy, CheckedArchive } from './checked-archive.ts';
import { documentFacts, jsonText } from './import-document.ts';
import type { ZipEntry } from './import-zip.ts';

/** A zip of a repository often contains its outer folder, and the backup may lie deeper. */
const outerFoldersMax = 3;

/** IntuneCD removes ids, versions and times, and does not say whether a backup is complete. */
const notProved = {
  code: 'imported_without_proof',
  message:
    'from a file of IntuneCD, which leaves out ids and times and does not tell what is missing',
};

/** A file of a policy. */
interface PolicyFile {
  readonly file: ZipEntry;
  readonly stem: string;
  readonly rules: readonly IntuneCdRule[];
}

/** Finds group ids by name. An unknown or ambiguous name has no id. */
export type FindGroupIds = (names: Iterable<string>) => Promise<ReadonlyMap<string, string>>;

/** Reads a backup in IntuneCD's layout. */
export async function readIntuneCdArchive(
  files: readonly ZipEntry[],
  findGroupIds: FindGroupIds,
): Promise<CheckedArchive> {
  const root = rootOf(files.map(({ path }) => path));
  const found: PolicyFile[] = [];
  const unsupported = new Set<string>();
  for (const file of files) {
    const path = file.path.startsWith(root) ? file.path.slice(root.length) : file.path;
    const place = intuneCdPlace(path);
    const stem = path.slice(path.lastIndexOf('/') + 1, -'.json'.length);
    if (place.kind === 'policy') found.push({ file, stem, rules: place.rules });
    else if (place.kind === 'unknown') throw new ArchiveRejectedError('unknown_file', file.index);
    // Checks ignored files, too: one damaged part damages the zip.
    else await file.read();
    if (place.kind === 'unsupported') unsupported.add(place.folder);
  }
  if (found.length === 0) throw new ArchiveRejectedError('nothing_to_import');
  const ids = {
    tags: await idsByName(found, 'scopeTag', [[defaultTag.name, defaultTag.id]]),
    filters: await idsByName(found, 'assignmentFilter', []),
    groups: await findGroupIds(await groupNamesIn(found)),
  };
  const policies: ArchivedPolicy[] = [];
  for (const one of found) policies.push(await readPolicy(one, ids));
  return {
    name: null,
    listings: [...unsupported].map((folder) => ({
      policyType: `IntuneCD: ${folder}`,
      listing: { outcome: 'unsupported' },
    })),
    policies,
  };
}

/** Derives ids for the policies of a type by name. A name of two policies stands for neither. */
async function idsByName(
  found: readonly PolicyFile[],
  wanted: string,
  known: readonly (readonly [string, string])[],
): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>(known);
  const several = new Set<string>();
  for (const one of found.filter(({ rules }) => rules.some(({ type }) => type === wanted))) {
    const { policy, type } = await read(one);
    if (ids.has(policy.displayName)) several.add(policy.displayName);
    ids.set(policy.displayName, derivedGraphId(type.type, one.stem));
  }
  for (const name of several) ids.delete(name);
  return ids;
}

/** Returns the common folder of all files, with its slash. It strips outer folders up to IntuneCD's own. */
function rootOf(paths: readonly string[]): string {
  let root = '';
  for (let depth = 0; depth < outerFoldersMax; depth += 1) {
    const inner = paths.map((path) => path.slice(root.length));
    if (inner.some((path) => intuneCdPlace(path).kind === 'policy')) return root;
    const [first = ''] = inner;
    const outer = first.slice(0, first.indexOf('/') + 1);
    if (outer === '' || !inner.every((path) => path.startsWith(outer))) return root;
    root += outer;
  }
  return root;
}

async function groupNamesIn(found: readonly PolicyFile[]): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const one of found) {
    for (const name of (await read(one)).policy.groupNames()) names.add(name);
  }
  return names;
}

async function readPolicy(one: PolicyFile, ids: IntuneCdIds): Promise<ArchivedPolicy> {
  const { index } = one.file;
  const { policy, type } = await read(one);
  const graphId = derivedGraphId(type.type, one.stem);
  const { seen } = documentFacts(type, graphId, policy.document(type, ids), index);
  return {
    type,
    facts: { seen },
    complete: false,
    warnings: [notProved],
    entry: index,
    document: async () => (await read(one)).policy.document(type, ids),
  };
}

async function read({
  file,
  rules,
}: PolicyFile): Promise<{ type: PolicyType; policy: ReadPolicy }> {
  const text = jsonText(await file.read(), jsonDepthMax, file.index);
  const policy = readIntuneCdFile(text, rules);
  if (policy === null) throw new ArchiveRejectedError('not_a_policy', file.index);
  const type = findPolicyType(policy.type);
  if (type === undefined) throw new ArchiveRejectedError('unknown_type', file.index);
  return { type, policy };
}
