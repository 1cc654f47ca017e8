import type { ActivityDeps } from '#activities/runtime/deps.ts';
import type { HeldPolicy } from '#db/backup/backup-set-contents.ts';
import { contentsInOrder } from '#db/backup/backup-set-contents.ts';
import { inTenant } from '#db/database.ts';
import { findGroupIdsByNames, findGroups } from '#db/directory/directory-groups.ts';
import { distinctNames } from '#domain/archive/distinct-names.ts';
import { type IntuneCdFile, intuneCdFile } from '#domain/archive/intunecd-file.ts';
import type { IntuneCdGroup } from '#domain/archive/intunecd-groups.ts';
import { defaultTag, type IntuneCdWords } from '#domain/archive/intunecd-words.ts';
import { safeFileName } from '#domain/archive/safe-file-name.ts';
import { manifestPath, tenantryPath } from '#domain/archive/tenantry-layout.ts';
import { manifestText } from '#domain/archive/tenantry-manifest.ts';
import { findPolicyType } from '#domain/policy-types/catalogue.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import type { ExportFormat } from '#domain/run/operation.ts';
import type { HeldSet } from './export-plan.ts';

/** A file of an export, with its policy; null for a file about the whole set. */
export interface ExportFile {
  readonly path: string;
  readonly policy: HeldPolicy | null;
  readonly render: (content: string) => string;
}

/** The limit of a name, so that its mark and extension fit into a file name. */
const stemBytesMax = 140;
const markBytesMax = 90;

/** The files of an export in the order of their paths, scripts after their policies. */
export function planFiles(
  deps: ActivityDeps,
  tenantId: string,
  set: HeldSet,
  format: ExportFormat,
): Promise<ExportFile[]> {
  return format === 'tenantry'
    ? Promise.resolve(tenantryFiles(tenantId, set))
    : intuneCdFiles(deps, tenantId, set);
}

const asItIs = (content: string) => content;

function tenantryFiles(tenantId: string, set: HeldSet): ExportFile[] {
  const stems = set.policies.map((policy) => tenantryPath(policy).replace(/\.json$/, ''));
  const paths = distinctNames(stems.map((stem) => ({ plain: stem, marked: stem })));
  const files = set.policies.map((policy, index) => ({
    path: `${paths[index]}.json`,
    policy,
    render: asItIs,
  }));
  const text = manifestText({
    tenantId,
    backupSetId: set.id,
    name: set.name,
    createdAt: set.createdAt.toISOString(),
    manifest: set.manifest,
    policies: files.map(({ path, policy }) => ({
      type: policy.policyType,
      graphId: policy.graphId,
      displayName: policy.displayName,
      path,
      sha256: policy.sha256.toString('hex'),
      bytes: policy.byteLength,
      complete: policy.complete,
    })),
  });
  return [{ path: manifestPath, policy: null, render: () => text }, ...byPath(files)];
}

/** A planned file in IntuneCD's layout, before its content is read. */
interface Named {
  readonly policy: HeldPolicy;
  readonly type: PolicyType;
  /** -1 for the policy itself, else the index of its script. */
  readonly part: number;
  readonly folder: string;
  readonly stem: string;
  readonly extension: string;
}

async function intuneCdFiles(
  deps: ActivityDeps,
  tenantId: string,
  set: HeldSet,
): Promise<ExportFile[]> {
  const words = namesIn(set);
  const named: Named[] = [];
  const groupIds = new Set<string>();
  // Names depend on contents and on each other, so each content is read once for the names and once for writing.
  const contents = contentsInOrder(deps.db, deps.cipher, tenantId, set.policies);
  for (const policy of set.policies) {
    const content = (await contents.next()).value ?? '';
    const file = intuneCdFile(typeOf(policy), content, words);
    named.push(...namesOf(policy, file));
    for (const id of file.groupIds()) groupIds.add(id);
  }
  const groups = await groupsKnown(deps, tenantId, groupIds);
  const stems = distinctNames(named.map(wantedName));
  const files = named.map(({ policy, type, part, extension }, index) => ({
    path: `${stems[index]}${extension}`,
    policy,
    render: (content: string) => {
      const file = intuneCdFile(type, content, words);
      return part < 0 ? file.json(groups) : file.script(part);
    },
  }));
  return byPath(files);
}

/** Returns the names of the tags and filters in a set. */
function namesIn({ policies }: HeldSet): IntuneCdWords {
  const ofType = (wanted: string) =>
    policies.flatMap(({ policyType, graphId, displayName }) =>
      policyType === wanted ? [[graphId, displayName] as const] : [],
    );
  const tags = new Map([[defaultTag.id, defaultTag.name], ...ofType('scopeTag')]);
  return { tags, filters: new Map(ofType('assignmentFilter')) };
}

/** Reads the groups from the directory cache. A name counts only if an import would find the group by it. */
async function groupsKnown(
  { db }: ActivityDeps,
  tenantId: string,
  groupIds: ReadonlySet<string>,
): Promise<Map<string, IntuneCdGroup>> {
  return inTenant(db, tenantId, async (trx) => {
    const known = await findGroups(trx, groupIds);
    const names = [...known.values()].map(({ displayName }) => displayName);
    const byName = await findGroupIdsByNames(trx, names);
    return new Map(
      [...known].map(([id, { present, displayName, ...kind }]) => [
        id,
        { displayName, ...kind, toldByName: present && byName.get(displayName) === id },
      ]),
    );
  });
}

function typeOf({ policyType }: HeldPolicy): PolicyType {
  const type = findPolicyType(policyType);
  if (type === undefined) throw new Error('the catalogue no longer has the type of a snapshot');
  return type;
}

function namesOf(policy: HeldPolicy, file: IntuneCdFile): Named[] {
  const type = typeOf(policy);
  const whole = { part: -1, folder: file.folder, stem: file.name, extension: '.json' };
  const scripts = file.scripts.map(({ folder, name }, part) => {
    const dot = name.lastIndexOf('.');
    const end = dot <= 0 ? name.length : dot;
    return { part, folder, stem: name.slice(0, end), extension: name.slice(end) };
  });
  return [whole, ...scripts].map((one) => ({ ...one, policy, type }));
}

function wantedName({ folder, stem, policy }: Named): { plain: string; marked: string } {
  const place = folder
    .split('/')
    // Windows removes dots and blanks at the end of a folder name.
    .map((segment) => safeFileName(segment, stemBytesMax).replace(/[. ]+$/, '_'))
    .join('/');
  const plain = `${place}/${safeFileName(stem, stemBytesMax)}`;
  return { plain, marked: `${plain}__${safeFileName(policy.graphId, markBytesMax)}` };
}

/** Compares by code units, independent of the locale. Files of one content stay together. */
function byPath<F extends { path: string; policy: HeldPolicy }>(files: readonly F[]): F[] {
  const groups = Map.groupBy(files, ({ policy }) => policy);
  const first = (group: readonly F[]) => group[0]?.path ?? '';
  return [...groups.values()].sort((one, other) => (first(one) < first(other) ? -1 : 1)).flat();
}
