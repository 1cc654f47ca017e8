import type { PolicyType, ReferenceRule } from '../domain/policy-types/policy-type.ts';
import type { PolicyReference } from './captured-policy.ts';
import { isGraphId } from './graph-id.ts';
import { isJsonObject, memberOf, type JsonObject } from './parse-answer.ts';
import { holds } from './revision.ts';
import { walkObjects } from './walk-objects.ts';

/** The parsed parts of a captured policy, by the names that a snapshot gives them. */
export interface ParsedParts extends JsonObject {
  readonly item: JsonObject;
  readonly children: JsonObject;
  readonly assignments: readonly unknown[];
}

// What every type may refer to. Scope tags go by two names, and a filter stands in a target.
const sharedRules: readonly ReferenceRule[] = [
  shared('item', 'roleScopeTagIds', 'scopeTag'),
  shared('item', 'roleScopeTags', 'scopeTag'),
  shared('assignments.target', 'deviceAndAppManagementAssignmentFilterId', 'assignmentFilter'),
];

function shared(within: string, property: string, policyType: string): ReferenceRule {
  return { within, property, policyType, when: null, prefixes: [] };
}

// Ids that say that nothing is meant, or what every tenant has: the zero GUID, the default scope tag, and the words
// of conditional access.
const noReference = new Set(['00000000-0000-0000-0000-000000000000', '0', 'All', 'AllTrusted']);

/**
 * Takes a type and the parts of a policy, and returns the other policies that it names, each once. Whether there are
 * such policies is not asked.
 */
export function referencesOf(policyType: PolicyType, parts: ParsedParts): PolicyReference[] {
  const found = new Map<string, PolicyReference>();
  for (const rule of [...policyType.references, ...sharedRules]) {
    for (const object of objectsWithin(parts, rule.within)) {
      if (rule.when !== null && !holds(object, rule.when)) continue;
      for (const graphId of idsOf(valueAt(object, rule.property), rule.prefixes)) {
        found.set(`${rule.policyType} ${graphId}`, { policyType: rule.policyType, graphId });
      }
    }
  }
  return [...found.values()];
}

function valueAt(object: JsonObject, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (isJsonObject(value) ? memberOf(value, name) : undefined),
      object,
    );
}

function idsOf(value: unknown, prefixes: readonly string[]): string[] {
  const texts = (Array.isArray(value) ? value : [value]).filter((text) => isGraphId(text));
  return texts
    .map((text) => text.slice(prefixes.find((prefix) => text.startsWith(prefix))?.length ?? 0))
    .filter((id) => isGraphId(id) && !noReference.has(id));
}

function objectsWithin(parts: ParsedParts, within: string): JsonObject[] {
  if (within === 'anywhere') return [...walkObjects([parts])].filter(isJsonObject);
  let level: unknown[] = [parts];
  for (const name of within.split('.')) {
    level = level.flatMap((value) => {
      if (!isJsonObject(value)) return [];
      const next = name === '*' ? Object.values(value) : [memberOf(value, name)];
      return next.flat();
    });
  }
  return level.filter(isJsonObject);
}
