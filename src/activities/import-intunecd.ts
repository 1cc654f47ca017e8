import { ArchiveRejectedError } from '../domain/archive/archive-rejected.ts';
import { derivedGraphId } from '../domain/archive/derived-graph-id.ts';
import { intuneCdPlace, readIntuneCdFile } from '../domain/archive/intunecd-document.ts';
import type { IntuneCdRule } from '../domain/archive/intunecd-layout.ts';
import { jsonDepthMax } from '../domain/json-bounds.ts';
import { findPolicyType } from '../domain/policy-types/catalogue.ts';
import type { PolicyType } from '../domain/policy-types/policy-type.ts';
import type { ArchivedPolicy, CheckedArchive } from './import-archive.ts';
import { documentFacts, jsonText } from './import-document.ts';
import type { ZipEntry } from './import-zip.ts';

/** A repository is often zipped with the folder that it lies in, and its backup may be in a folder of it. */
const outerFoldersMax = 3;

/** IntuneCD takes ids, versions and times out, and tells nowhere whether it has got everything. */
const notProved = {
  code: 'imported_without_proof',
  message:
    'from a file of IntuneCD, which leaves out ids and times and does not tell what is missing',
};

/** Reads a backup in IntuneCD's layout. */
export async function readIntuneCdArchive(files: readonly ZipEntry[]): Promise<CheckedArchive> {
  const root = rootOf(files.map(({ path }) => path));
  const policies: ArchivedPolicy[] = [];
  const unsupported = new Set<string>();
  for (const file of files) {
    const path = file.path.startsWith(root) ? file.path.slice(root.length) : file.path;
    const place = intuneCdPlace(path);
    if (place.kind === 'policy') policies.push(await readPolicy(file, path, place.rules));
    else if (place.kind === 'unknown') throw new ArchiveRejectedError('unknown_file', file.index);
    // What is not taken is looked at all the same: a zip with a damaged part is a damaged zip.
    else await file.read();
    if (place.kind === 'unsupported') unsupported.add(place.folder);
  }
  if (policies.length === 0) throw new ArchiveRejectedError('nothing_to_import');
  return {
    name: null,
    listings: [...unsupported].map((folder) => ({
      policyType: `IntuneCD: ${folder}`,
      listing: { outcome: 'unsupported' },
    })),
    policies,
  };
}

/** The folder that all of it lies in, with its slash: outer folders are taken off until one is IntuneCD's. */
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

async function readPolicy(
  file: ZipEntry,
  path: string,
  rules: readonly IntuneCdRule[],
): Promise<ArchivedPolicy> {
  const { index } = file;
  const stem = path.slice(path.lastIndexOf('/') + 1, -'.json'.length);
  const { type, document } = await read(file, rules);
  const { seen } = documentFacts(type, derivedGraphId(type.type, stem), document, index);
  return {
    type,
    facts: { seen },
    complete: false,
    warnings: [notProved],
    entry: index,
    document: async () => (await read(file, rules)).document,
  };
}

async function read(
  file: ZipEntry,
  rules: readonly IntuneCdRule[],
): Promise<{ type: PolicyType; document: string }> {
  const text = jsonText(await file.read(), jsonDepthMax, file.index);
  const policy = readIntuneCdFile(text, rules);
  if (policy === null) throw new ArchiveRejectedError('not_a_policy', file.index);
  const type = findPolicyType(policy.type);
  if (type === undefined) throw new ArchiveRejectedError('unknown_type', file.index);
  return { type, document: policy.document(type) };
}
