import type { Parsed } from '#domain/json/json-literals.ts';
import {
  isParsedObject,
  mapAt,
  ownMember,
  ownText,
  type ParsedObject,
  withoutKeys,
} from '#domain/json/parsed-object.ts';

/** What IntuneCD tells of a group. */
export interface IntuneCdGroup {
  readonly displayName: string;
  readonly membershipType: 'assigned' | 'dynamic';
  /** Null where the members are assigned. */
  readonly membershipRule: string | null;
  /** Whether the name leads back to the group, and to no other. */
  readonly toldByName: boolean;
}

const saidOfGroups = new Set(['groupName', 'groupType', 'membershipRule']);

/** The ids of the groups that assignments name, in lower case. */
export function assignedGroupIds(assignments: Parsed | undefined): string[] {
  return targetsOf(assignments).flatMap(
    (target) => ownText(target, 'groupId')?.toLowerCase() ?? [],
  );
}

/** The names by which assignments that tell no id name groups. */
export function assignedGroupNames(assignments: Parsed | undefined): string[] {
  return targetsOf(assignments).flatMap((target) =>
    ownText(target, 'groupId') === null ? (ownText(target, 'groupName') ?? []) : [],
  );
}

function targetsOf(assignments: Parsed | undefined): ParsedObject[] {
  if (!Array.isArray(assignments)) return [];
  return assignments.flatMap((assignment) => {
    const target = isParsedObject(assignment) ? ownMember(assignment, 'target') : undefined;
    return isParsedObject(target) ? [target] : [];
  });
}

/**
 * Assignments with what IntuneCD says of groups in place of their ids, which stay where the group is not known, or the
 * name would not lead back to it.
 * @param groups by their ids in lower case.
 */
export function withGroupNames(
  assignments: Parsed,
  groups: ReadonlyMap<string, IntuneCdGroup>,
): Parsed {
  return mapAt(assignments, ['target'], (target) => {
    if (!isParsedObject(target)) return target;
    const group = groups.get(ownText(target, 'groupId')?.toLowerCase() ?? '');
    if (group === undefined) return target;
    const isDynamic = group.membershipType === 'dynamic';
    return {
      ...withoutKeys(target, (key) => key === 'groupId' && group.toldByName),
      groupName: group.displayName,
      groupType: isDynamic ? 'DynamicMembership' : 'StaticMembership',
      ...(isDynamic ? { membershipRule: group.membershipRule } : {}),
    };
  });
}

/**
 * Assignments with the ids of groups in place of what IntuneCD says of them. A group that has an id already, or whose
 * name is not known, keeps what it has: the name tells a person which group was meant.
 * @param ids by the names of groups.
 */
export function withGroupIds(assignments: Parsed, ids: ReadonlyMap<string, string>): Parsed {
  return mapAt(assignments, ['target'], (target) => {
    if (!isParsedObject(target)) return target;
    const groupId = ownText(target, 'groupId') ?? ids.get(ownText(target, 'groupName') ?? '');
    if (groupId === undefined) return target;
    return { ...withoutKeys(target, (key) => saidOfGroups.has(key)), groupId };
  });
}
