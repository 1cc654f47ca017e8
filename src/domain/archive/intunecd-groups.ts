import type { Parsed } from '#domain/json/json-literals.ts';
import {
  isParsedObject,
  mapAt,
  ownMember,
  ownText,
  type ParsedObject,
  withoutKeys,
} from '#domain/json/parsed-object.ts';

/** IntuneCD's description of a group. */
export interface IntuneCdGroup {
  readonly displayName: string;
  readonly membershipType: 'assigned' | 'dynamic';
  /** Null if an administrator assigns the members. */
  readonly membershipRule: string | null;
  /** True if the name leads back to this group and no other. */
  readonly toldByName: boolean;
}

const saidOfGroups = new Set(['groupName', 'groupType', 'membershipRule']);

/** The ids of assigned groups, in lower case. */
export function assignedGroupIds(assignments: Parsed | undefined): string[] {
  return targetsOf(assignments).flatMap(
    (target) => ownText(target, 'groupId')?.toLowerCase() ?? [],
  );
}

/** The group names in assignments without ids. */
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
 * Replaces the ids of groups by IntuneCD's descriptions. The id stays if the group is unknown, or its name would not
 * lead back to it.
 * @param groups by their ids in lower case
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
 * Replaces IntuneCD's descriptions of groups by ids. A group with an id, or with an unknown name, stays as it is: the
 * name tells a person which group was meant.
 * @param ids by the names of groups
 */
export function withGroupIds(assignments: Parsed, ids: ReadonlyMap<string, string>): Parsed {
  return mapAt(assignments, ['target'], (target) => {
    if (!isParsedObject(target)) return target;
    const groupId = ownText(target, 'groupId') ?? ids.get(ownText(target, 'groupName') ?? '');
    if (groupId === undefined) return target;
    return { ...withoutKeys(target, (key) => saidOfGroups.has(key)), groupId };
  });
}
