import type { Parsed } from '#domain/json/json-literals.ts';
import {
  isParsedObject,
  ownMember,
  ownText,
  type ParsedObject,
} from '#domain/json/parsed-object.ts';
import type { PlannedAssignment } from './plan.ts';

const typePrefix = '#microsoft.graph.';

/** The types of targets for all users or all devices. */
const broadTargets: ReadonlySet<string> = new Set([
  'allLicensedUsersAssignmentTarget',
  'allDevicesAssignmentTarget',
]);

/** The target of an assignment; an empty object if it has none. */
export function targetOf(assignment: Parsed): ParsedObject {
  const target = isParsedObject(assignment) ? ownMember(assignment, 'target') : undefined;
  return isParsedObject(target) ? target : {};
}

/** The type of a target without Graph's prefix; empty if the target has no type. */
export function targetType(target: ParsedObject): string {
  const type = ownText(target, '@odata.type') ?? '';
  return type.startsWith(typePrefix) ? type.slice(typePrefix.length) : type;
}

/** True if a target reaches all users or all devices. */
export function isBroad(target: ParsedObject): boolean {
  return broadTargets.has(targetType(target));
}

/** True if a target excludes a group. A target without a type counts as an exclusion: to drop it could widen the set. */
export function isExclusion(target: ParsedObject): boolean {
  const type = targetType(target);
  return type === '' || /exclusion/i.test(type);
}

export const filterIdProperty = 'deviceAndAppManagementAssignmentFilterId';
export const filterTypeProperty = 'deviceAndAppManagementAssignmentFilterType';

/** The assignment filter of a target. Graph writes "no filter" as an absent type, as null and as `none`. */
export function filterOf(target: ParsedObject): {
  readonly id: string | null;
  readonly type: string | null;
  readonly filters: boolean;
} {
  const type = ownText(target, filterTypeProperty);
  return {
    id: ownText(target, filterIdProperty),
    type,
    filters: type !== null && type !== 'none',
  };
}

/** Assignments as a preview shows them. */
export function plannedAssignments(
  assignments: readonly Parsed[],
  groupNameOf: (groupId: string) => string | null,
): PlannedAssignment[] {
  return assignments.map((assignment) => {
    const target = targetOf(assignment);
    const groupId = ownText(target, 'groupId');
    const filter = filterOf(target);
    return {
      target: targetType(target),
      groupId,
      groupDisplayName: groupId === null ? null : groupNameOf(groupId),
      filterId: filter.id,
      filterType: filter.type,
      intent: isParsedObject(assignment) ? ownText(assignment, 'intent') : null,
    };
  });
}
