import { foldNested } from '#domain/diff/fold-nested.ts';
import { parseLiterals, type Parsed } from '#domain/json/json-literals.ts';
import {
  isParsedObject,
  mapAt,
  ownMember,
  ownText,
  type ParsedObject,
  withoutKeys,
} from '#domain/json/parsed-object.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import { assignedGroupIds, type IntuneCdGroup, withGroupNames } from './intunecd-groups.ts';
import {
  type IntuneCdRule,
  intuneCdRemoved,
  intuneCdRules,
  ownFolder,
  type ScriptRule,
} from './intunecd-layout.ts';
import { type IntuneCdWords, withFilters, withTags } from './intunecd-words.ts';
import { pythonJson } from './python-json.ts';

/** A policy in IntuneCD's form. Names come from the policy and are not yet safe for a file system. */
export interface IntuneCdFile {
  readonly folder: string;
  readonly name: string;
  readonly scripts: readonly { readonly folder: string; readonly name: string }[];
  /** The ids of the assigned groups, in lower case. */
  groupIds(): string[];
  /** The text of the policy's file. */
  json(groups: ReadonlyMap<string, IntuneCdGroup>): string;
  /** The text of one of the scripts. */
  script(index: number): string;
}

/**
 * The files for a snapshot's document; names of tags and filters replace their ids.
 * @throws SyntaxError if the text is no snapshot
 */
export function intuneCdFile(
  type: PolicyType,
  document: string,
  names: IntuneCdWords,
): IntuneCdFile {
  const parsed = parseLiterals(document);
  const item = isParsedObject(parsed) ? ownMember(parsed, 'item') : undefined;
  if (!isParsedObject(parsed) || !isParsedObject(item)) throw new SyntaxError('no snapshot');
  const rule = ruleOf(type, item);
  const typed =
    rule?.odataType === undefined || Object.hasOwn(item, '@odata.type')
      ? item
      : { '@odata.type': rule.odataType, ...item };
  const folder = rule?.folder ?? `${ownFolder}/${type.type}`;
  const subfolder = rule?.subfolderBy === undefined ? null : ownText(item, rule.subfolderBy);
  const scripts = (rule?.scripts ?? []).filter(({ property }) => ownText(item, property) !== null);
  const place = subfolder === null ? folder : `${folder}/${subfolder}`;
  return {
    folder: place,
    name: `${ownText(item, type.nameProperty) ?? ''}${suffixOf(rule, typed)}`,
    scripts: scripts.map((one) => ({
      folder: `${place}/${one.folder}`,
      name: scriptName(one, item),
    })),
    groupIds: () => assignedGroupIds(ownMember(parsed, 'assignments')),
    json: (groups) => {
      const assignments = withFilters(ownMember(parsed, 'assignments') ?? null, names);
      return pythonJson(
        fileOf(type, rule, withTags(typed, names), {
          ...{ ...parsed, assignments: withGroupNames(assignments, groups) },
        }),
      );
    },
    script: (index) => decoded(ownText(item, scripts[index]?.property ?? '') ?? ''),
  };
}

function ruleOf(type: PolicyType, item: ParsedObject): IntuneCdRule | undefined {
  const rules = intuneCdRules.filter((rule) => rule.type === type.type);
  // The last rule of a type takes the objects of no other rule.
  return rules.find((rule) => speaksOf(rule, item)) ?? rules.at(-1);
}

/** True if a rule applies to an object: an item for an export, or the object of a file for an import. */
export function speaksOf({ when }: IntuneCdRule, object: ParsedObject): boolean {
  if (when === undefined) return true;
  const value = ownMember(object, when.property);
  return when.equals === undefined ? value !== undefined : value === when.equals;
}

function suffixOf(rule: IntuneCdRule | undefined, item: ParsedObject): string {
  const technologies = ownMember(item, 'technologies');
  if (rule?.suffix === 'lastTechnology') {
    return `_${typeof technologies === 'string' ? (technologies.split(',').at(-1) ?? '') : 'None'}`;
  }
  const named = ownText(item, '@odata.type')?.split('.')[2];
  if (named !== undefined) return `_${named}`;
  return typeof technologies === 'string' ? `_${technologies}` : '';
}

function scriptName({ nameBy, without, ending }: ScriptRule, item: ParsedObject): string {
  const name = ownText(item, nameBy) ?? ownText(item, 'displayName') ?? '';
  return `${without === '' ? name : name.replaceAll(without, '')}${ending}`;
}

/** Decodes base64. Like IntuneCD, keeps a text as it is if it is no base64 of UTF-8. */
function decoded(base64: string): string {
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return base64;
  }
}

function fileOf(
  type: PolicyType,
  rule: IntuneCdRule | undefined,
  item: Parsed,
  snapshot: ParsedObject,
): Parsed {
  const nested = type.children.flatMap((child) =>
    child.each.map(({ name }) => ({ child: child.name, name })),
  );
  const folded = foldNested(ownMember(snapshot, 'children') ?? {}, nested);
  const children = Object.entries(isParsedObject(folded) ? folded : {})
    .filter(([, value]) => value !== null)
    .map(([name, value]) => [rule?.renamed?.[name] ?? name, value] as const);
  const assignments = ownMember(snapshot, 'assignments');
  let file: Parsed = {
    ...(isParsedObject(item) ? withoutKeys(item, (key) => intuneCdRemoved.has(key)) : {}),
    ...Object.fromEntries(children),
    ...(Array.isArray(assignments) && assignments.length > 0
      ? { assignments: assignments.map(withoutAssignmentIds) }
      : {}),
  };
  for (const path of rule?.cleaned ?? []) file = mapAt(file, path, cleaned);
  for (const path of rule?.dropped ?? []) {
    const [last, before] = [path.at(-1), path.slice(0, -1)];
    file = mapAt(file, before, (found) =>
      isParsedObject(found) ? withoutKeys(found, (key) => key === last) : found,
    );
  }
  return file;
}

function cleaned(element: Parsed): Parsed {
  return isParsedObject(element)
    ? withoutKeys(element, (key) => intuneCdRemoved.has(key))
    : element;
}

function withoutAssignmentIds(assignment: Parsed): Parsed {
  if (!isParsedObject(assignment)) return assignment;
  const isId = (key: string) => key === 'id' || key === 'sourceId';
  const own = withoutKeys(assignment, isId);
  return mapAt(own, ['target'], (target) =>
    isParsedObject(target) ? withoutKeys(target, isId) : target,
  );
}
