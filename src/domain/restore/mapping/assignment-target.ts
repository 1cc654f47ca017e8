import type { Parsed } from '#domain/json/json-literals.ts';
import {
  isParsedObject,
  ownMember,
  ownText,
  type ParsedObject,
} from '#domain/json/parsed-object.ts';
import type { PlannedAssignment } from '#domain/restore/plan.ts';

const typePrefix = '#microsoft.graph.';

/** The targets that reach everybody, by their types. */
const broadTargets: ReadonlySet<string> = new Set([
  'allLicensedUsersAssignmentTarget',
  'allDevicesAssignmentTarget',
]);

/** The target of an assignment; null for what is none. */
export function targetOf(assignment: Parsed): ParsedObject | null {
  const target = isParsedObject(assignment) ? ownMember(assignment, 'target') : undefined;
  return isParsedObject(target) ? target : null;
}

/** The type of a target without Graph's prefix; empty where it is not said. */
export function targetType(target: ParsedObject): string {
  const type = ownText(target, '@odata.type') ?? '';
  return type.startsWith(typePrefix) ? type.slice(typePrefix.length) : type;
}

/** Whether a target reaches all users or all devices. */
export function isBroad(target: ParsedObject): boolean {
  return broadTargets.has(targetType(target));
}

/** Whether a target takes a group out. Of one that does not say what it is, nothing better may be assumed. */
export function isExclusion(target: ParsedObject): boolean {
  const type = targetType(target);
  return type === '' || /exclusion/i.test(type);
}

/** The filter of a target where it has one that says something. */
export function filterOf(target: ParsedObject): { id: string | null; type: string | null } {
  return {
    id: ownText(target, 'deviceAndAppManagementAssignmentFilterId'),
    type: ownText(target, 'deviceAndAppManagementAssignmentFilterType'),
  };
}

/** Assignments as a preview shows them. */
export function plannedAssignments(
  assignments: readonly Parsed[],
  groupNameOf: (groupId: string) => string | null,
): PlannedAssignment[] {
  return assignments.map((assignment) => {
    const target = targetOf(assignment) ?? {};
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
