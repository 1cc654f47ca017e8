import { compareTexts, isRecord, textOf, type namings } from './canonical.ts';
import type { TenantObject } from './tenant-object.ts';

const filterId = 'deviceAndAppManagementAssignmentFilterId';
const filterType = 'deviceAndAppManagementAssignmentFilterType';

/** The assignments expected in another tenant. */
export interface Mapping {
  /** The group ids of the target by those of the source; assignments to other groups are omitted. */
  readonly groups: ReadonlyMap<string, string> | null;
  /** Whether assignments to all users and to all devices are written. */
  readonly broad: boolean;
}

/** The targets of an object as a sorted set of texts. Assignments from a policy set belong to the set. */
export function canonicalAssignments(
  { body }: TenantObject,
  naming: ReturnType<typeof namings>,
  { broad, groups }: Mapping,
): string[] {
  const all = Array.isArray(body['assignments']) ? body['assignments'].filter(isRecord) : [];
  const texts = all
    .filter(({ source }) => source !== 'policySets')
    .flatMap((assignment) => {
      const target = isRecord(assignment['target']) ? assignment['target'] : {};
      const { groupId } = target;
      const isBroad = /all(?:LicensedUsers|Devices)AssignmentTarget$/.test(
        String(target['@odata.type']),
      );
      if (isBroad && !broad) return [];
      const group = typeof groupId === 'string' ? (groups?.get(groupId) ?? groupId) : null;
      if (groups !== null && typeof groupId === 'string' && !groups.has(groupId)) return [];
      return [assignmentText(assignment, { ...target, groupId: group }, naming)];
    });
  return texts.toSorted(compareTexts);
}

function assignmentText(
  assignment: Record<string, unknown>,
  target: Record<string, unknown>,
  naming: ReturnType<typeof namings>,
): string {
  const filter = target[filterId];
  const named = typeof filter === 'string' ? (naming.object(filter) ?? filter) : null;
  const written = { ...target, [filterId]: named, [filterType]: target[filterType] ?? 'none' };
  const rest = ['intent', 'settings', 'runSchedule', 'runRemediationScript'].map(
    (name) => [name, assignment[name] ?? null] as const,
  );
  return textOf(sorted({ target: sorted(written), ...Object.fromEntries(rest) }));
}

/** Sorts members by name, without null: a member that is null equals an absent one. */
function sorted(object: Record<string, unknown>): Record<string, unknown> {
  const members = Object.entries(object).filter(([, value]) => value !== null);
  return Object.fromEntries(members.toSorted(([left], [right]) => compareTexts(left, right)));
}
