import { parseLiterals, type Parsed } from '#domain/json/json-literals.ts';
import { jsonText } from '#domain/json/json-text.ts';
import {
  isParsedObject,
  ownMember,
  ownText,
  type ParsedObject,
  withoutKeys,
} from '#domain/json/parsed-object.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import { speaksOf } from './intunecd-file.ts';
import { assignedGroupNames, withGroupIds } from './intunecd-groups.ts';
import {
  foldersWithoutType,
  type IntuneCdRule,
  intuneCdRules,
  ownFolder,
} from './intunecd-layout.ts';
import { type IntuneCdWords, withFilters, withTags } from './intunecd-words.ts';

/** The kind of a file at a path of IntuneCD's layout. */
export type IntuneCdPlace =
  | { readonly kind: 'policy'; readonly rules: readonly IntuneCdRule[] }
  /** Belongs to a type that Tenantry does not back up. */
  | { readonly kind: 'unsupported'; readonly folder: string }
  /** A file beside the policies for people: a script, a report, a file of git. */
  | { readonly kind: 'beside' }
  | { readonly kind: 'unknown' };

/** Classifies a path under the root of a backup. */
export function intuneCdPlace(path: string): IntuneCdPlace {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  if (/(?:^|\/)(?:Script Data|mobileconfig)$/.test(folder) || /(?:^|\/)\./.test(path)) {
    return { kind: 'beside' };
  }
  const unsupported = foldersWithoutType.find((one) => isWithin(folder, one));
  if (unsupported !== undefined) return { kind: 'unsupported', folder: unsupported };
  const rules = rulesOf(folder);
  const isJson = path.endsWith('.json');
  if (rules.length > 0) return isJson ? { kind: 'policy', rules } : { kind: 'unknown' };
  const isReport = folder === '' && !/\.(?:json|ya?ml)$/.test(path);
  return { kind: isReport ? 'beside' : 'unknown' };
}

function isWithin(folder: string, outer: string): boolean {
  return folder === outer || folder.startsWith(`${outer}/`);
}

function rulesOf(folder: string): readonly IntuneCdRule[] {
  const parent = folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
  if (parent === ownFolder) {
    return [{ type: folder.slice(ownFolder.length + 1), folder, suffix: 'configType' }];
  }
  return intuneCdRules.filter(
    (rule) => rule.folder === (rule.subfolderBy === undefined ? folder : parent),
  );
}

/** The ids for the names in IntuneCD's files. */
export interface IntuneCdIds extends IntuneCdWords {
  readonly groups: ReadonlyMap<string, string>;
}

/** A policy read from a file of IntuneCD. */
export interface ReadPolicy {
  readonly type: string;
  readonly displayName: string;
  /** The names of its assigned groups, if the file has no ids. */
  groupNames(): string[];
  /** Builds the snapshot's document and replaces the names of tags, filters and groups by ids. */
  document(type: PolicyType, ids: IntuneCdIds): string;
}

/** Reads a file by the rules of its folder; null if it is no policy of any of them. */
export function readIntuneCdFile(text: string, rules: readonly IntuneCdRule[]): ReadPolicy | null {
  const file = parseLiterals(text);
  if (!isParsedObject(file)) return null;
  const rule = rules.find((one) => speaksOf(one, file));
  if (rule === undefined) return null;
  return {
    type: rule.type,
    displayName: ownText(file, 'displayName') ?? ownText(file, 'name') ?? '',
    groupNames: () => assignedGroupNames(ownMember(file, 'assignments')),
    document: (type, ids) => documentOf(type, rule, file, ids),
  };
}

function documentOf(
  type: PolicyType,
  rule: IntuneCdRule,
  file: ParsedObject,
  ids: IntuneCdIds,
): string {
  const children: [string, Parsed][] = [];
  const placed = new Set<string>();
  for (const child of type.children) {
    const key = rule.renamed?.[child.name] ?? child.name;
    const value = ownMember(file, key);
    if (value === undefined) continue;
    placed.add(key);
    const { own, nested } = unfold(
      value,
      child.each.map(({ name }) => name),
    );
    children.push([child.name, own], ...nested);
  }
  const assignments = ownMember(file, 'assignments');
  const isAssigned = type.assignments !== null || Array.isArray(assignments);
  if (Array.isArray(assignments)) placed.add('assignments');
  return jsonText({
    item: withTags(
      withoutKeys(file, (key) => placed.has(key)),
      ids,
    ),
    children: Object.fromEntries(children),
    assignments: isAssigned
      ? withGroupIds(withFilters(Array.isArray(assignments) ? assignments : [], ids), ids.groups)
      : null,
  });
}

/** Moves nested parts of elements beside them, by the elements' ids; elements without an id keep their parts. */
function unfold(
  value: Parsed,
  names: readonly string[],
): { own: Parsed; nested: readonly [string, Parsed][] } {
  if (!Array.isArray(value) || names.length === 0) return { own: value, nested: [] };
  const taken = new Map<string, [string, Parsed][]>(names.map((name) => [name, []]));
  const own = value.map((element) => {
    const id = isParsedObject(element) ? ownText(element, 'id') : null;
    if (!isParsedObject(element) || id === null) return element;
    for (const name of names) {
      const inner = ownMember(element, name);
      if (inner !== undefined) taken.get(name)?.push([id, inner]);
    }
    return withoutKeys(element, (key) => taken.has(key));
  });
  const nested = [...taken].map(
    ([name, entries]) => [name, Object.fromEntries(entries)] as [string, Parsed],
  );
  return { own, nested };
}
