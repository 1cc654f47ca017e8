import { sameId } from '#domain/identity/graph-id.ts';
import type { Parsed } from '#domain/json/json-literals.ts';
import { jsonText } from '#domain/json/json-text.ts';
import { isParsedObject, ownText, type ParsedObject } from '#domain/json/parsed-object.ts';
import { filterRule, referenceIn } from '#domain/policy-types/reference-rules.ts';
import {
  filterIdProperty,
  filterOf,
  isBroad,
  isExclusion,
  targetOf,
  targetType,
} from '#domain/restore/assignment-target.ts';
import { directAssignments } from '#domain/restore/direct-assignments.ts';
import type { Findings } from './findings.ts';
import { type Resolve, resolvedId } from './remap-references.ts';

/** The rules for assignments on their way to the tenant. */
export interface AssignmentMapping {
  readonly sameTenant: boolean;
  readonly allowBroadAssignments: boolean;
  readonly resolve: Resolve;
  /** The tenant's group for a group of the source; the id is in lower case. */
  readonly groupOf: (sourceGroupId: string) => string | null;
}

/** The result for an assignment or its target: another value, left out, or a block of the whole set. */
type Remapped<Value> = { readonly value: Value } | 'leftOut' | 'blocks';

/**
 * Replaces the ids in the assignments of a backup. Returns null if the set without one of them would reach other
 * people: an exclusion or a filter has no counterpart, or one group would be assigned in two ways. An assignment that
 * only reaches fewer people is left out with a warning.
 */
export function remapAssignments(
  assignments: readonly Parsed[],
  mapping: AssignmentMapping,
  findings: Findings,
): Parsed[] | null {
  const own = directAssignments(assignments);
  const remapped = own.map((assignment) => remapAssignment(assignment, mapping, findings));
  if (remapped.includes('blocks')) return null;
  const kept = remapped.map((one) => (typeof one === 'string' ? null : one.value));
  const groups = kept.map((assignment) => groupIdOf(assignment));
  const conflict = groups.find((group, at) => {
    const first = groups.indexOf(group);
    if (group === null || first === at) return false;
    return !isSameGroup(own[first], own[at]) && !saySame(kept[first], kept[at]);
  });
  if (conflict !== undefined) {
    findings.warn(
      'group_mapping_conflict',
      `Groups that are assigned in different ways are mapped to the one group ${conflict}; the assignments stay as they are.`,
    );
    return null;
  }
  return distinct(kept.filter((assignment) => assignment !== null));
}

function remapAssignment(
  assignment: Parsed,
  mapping: AssignmentMapping,
  findings: Findings,
): Remapped<Parsed> {
  const target = targetOf(assignment);
  const remapped = remapTarget(target, mapping, findings);
  if (typeof remapped === 'string' || !isParsedObject(assignment)) return remapped;
  const filtered = remapFilter(remapped.value, mapping, findings);
  return typeof filtered === 'string'
    ? filtered
    : { value: { ...assignment, target: filtered.value } };
}

function remapTarget(
  target: ParsedObject,
  mapping: AssignmentMapping,
  findings: Findings,
): Remapped<ParsedObject> {
  const groupId = ownText(target, 'groupId');
  if (groupId !== null) return remapGroup(target, groupId, mapping, findings);
  if (mapping.sameTenant) return { value: target };
  const type = targetType(target);
  if (isExclusion(target)) {
    findings.warn(
      'assignment_not_portable',
      `A target of the type ${type === '' ? 'unknown' : type} may exclude people; the assignments stay as they are.`,
    );
    return 'blocks';
  }
  if (!isBroad(target)) {
    findings.warn(
      'assignment_not_portable',
      `A target of the type ${type} has no meaning in another tenant; it is left out.`,
    );
    return 'leftOut';
  }
  if (mapping.allowBroadAssignments) return { value: target };
  findings.warn('broad_assignment', `${type} is left out: it was not allowed for another tenant.`);
  return 'leftOut';
}

function remapGroup(
  target: ParsedObject,
  groupId: string,
  { groupOf }: AssignmentMapping,
  findings: Findings,
): Remapped<ParsedObject> {
  const mapped = groupOf(groupId.toLowerCase());
  if (mapped !== null)
    return { value: { ...target, groupId: sameId(mapped, groupId) ? groupId : mapped } };
  if (isExclusion(target)) {
    findings.warn(
      'group_unmapped',
      `The tenant has no group for the excluded group ${groupId}; the assignments stay as they are.`,
    );
    return 'blocks';
  }
  findings.warn('group_unmapped', `The tenant has no group for ${groupId}; it is left out.`);
  return 'leftOut';
}

function remapFilter(
  target: ParsedObject,
  { resolve }: AssignmentMapping,
  findings: Findings,
): Remapped<ParsedObject> {
  const { id, filters } = filterOf(target);
  const reference = id === null ? null : referenceIn(id, filterRule.prefixes);
  if (reference === null) return { value: target };
  if (!filters) return { value: { ...target, [filterIdProperty]: null } };
  const mapped = resolvedId(filterRule.policyType, reference.id, resolve, findings);
  if (mapped !== null) return { value: { ...target, [filterIdProperty]: mapped } };
  findings.refer(filterRule.policyType, reference.id, { kind: 'missing' });
  findings.warn(
    'filter_unmapped',
    `The tenant has no assignment filter for ${reference.id}; the assignments stay as they are.`,
  );
  return 'blocks';
}

function groupIdOf(assignment: Parsed): string | null {
  return ownText(targetOf(assignment), 'groupId')?.toLowerCase() ?? null;
}

/** The source may assign the same group twice, for example with two intents; the restore keeps this. */
function isSameGroup(one: Parsed | undefined, other: Parsed | undefined): boolean {
  return groupIdOf(one ?? null) === groupIdOf(other ?? null);
}

function saySame(one: Parsed | undefined, other: Parsed | undefined): boolean {
  return textOf(one ?? null) === textOf(other ?? null);
}

const textOf = (assignment: Parsed) => jsonText(assignment, (object) => Object.keys(object).sort());

function distinct(assignments: readonly Parsed[]): Parsed[] {
  return [...new Map(assignments.map((one) => [textOf(one), one])).values()];
}
