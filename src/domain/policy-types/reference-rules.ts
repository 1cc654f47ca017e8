import { isGraphId } from '#domain/identity/graph-id.ts';
import { walkObjects } from '#domain/json/walk-objects.ts';
import type { ReferenceRule } from './policy-type.ts';
import type { PropertyEquals } from './property-equals.ts';

// References possible in every type. Scope tags have two names, and a filter stands in a target.

/** The scope tags of a policy. */
export const scopeTagRules: readonly ReferenceRule[] = [
  shared('item', 'roleScopeTagIds', 'scopeTag'),
  shared('item', 'roleScopeTags', 'scopeTag'),
];

/** The filter of an assignment. */
export const filterRule: ReferenceRule = shared(
  'assignments.target',
  'deviceAndAppManagementAssignmentFilterId',
  'assignmentFilter',
);

function shared(within: string, property: string, policyType: string): ReferenceRule {
  return { within, property, policyType, when: null, prefixes: [] };
}

// Ids without a meaning, or with the same one in every tenant: the zero GUID, the default scope tag, and the words of
// conditional access.
const noReference = new Set(['00000000-0000-0000-0000-000000000000', '0', 'All', 'AllTrusted']);

/** An object of parsed JSON, with any representation of numbers. */
export interface JsonHolder {
  [key: string]: unknown;
}

/** A property at the end of a rule's path, in its object. */
export interface Place {
  readonly holder: JsonHolder;
  readonly property: string;
}

/** A place: see {@link ReferenceRule}. */
interface PlaceRule {
  readonly within: string;
  readonly property: string;
  readonly when?: PropertyEquals | null;
}

/** The places of a rule in a policy's parsed parts, in no particular order. */
export function placesOf(parts: object, { within, property, when }: PlaceRule): Place[] {
  const names = property.split('.');
  const last = names.pop() ?? property;
  return objectsWithin(parts, within).flatMap((object) => {
    if (when && ownValue(object, when.property) !== when.equals) return [];
    const holder = names.reduce<unknown>(
      (value, name) => (isHolder(value) ? ownValue(value, name) : undefined),
      object,
    );
    return isHolder(holder) && Object.hasOwn(holder, last) ? [{ holder, property: last }] : [];
  });
}

/** The texts at a place: one for a string, several for an array. */
export function textsAt({ holder, property }: Place): string[] {
  const value = holder[property];
  return (Array.isArray(value) ? value : [value]).filter((text) => typeof text === 'string');
}

/** Splits a reference into one of the prefixes and the id; null if the text names no object. */
export function referenceIn(
  text: string,
  prefixes: readonly string[],
): { readonly prefix: string; readonly id: string } | null {
  if (!isGraphId(text)) return null;
  const prefix = prefixes.find((one) => text.startsWith(one)) ?? '';
  const id = text.slice(prefix.length);
  return isGraphId(id) && !noReference.has(id) ? { prefix, id } : null;
}

function objectsWithin(parts: object, within: string): JsonHolder[] {
  if (within === 'anywhere') return [...walkObjects([parts])].filter(isHolder);
  let level: unknown[] = [parts];
  for (const name of within.split('.')) {
    level = level.flatMap((value) => {
      if (!isHolder(value)) return [];
      const next = name === '*' ? Object.values(value) : [ownValue(value, name)];
      return next.flat();
    });
  }
  return level.filter(isHolder);
}

function isHolder(value: unknown): value is JsonHolder {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function ownValue(object: JsonHolder, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
