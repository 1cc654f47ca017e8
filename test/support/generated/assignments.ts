import { assignmentFilters } from './foundations.ts';
import { groupId } from './groups.ts';
import { danglingId, idOfOther, type Making, type SeedBody } from './object-maker.ts';

/** Each n-th object of a type has more assignments than a page of 25 holds. */
const everyManyAssignments = 13;
const firstManyAssignments = 3;
const manyAssignments = 28;
const everyInherited = 8;
const firstInherited = 2;
const everyFiltered = 3;
const exceptedAfter = 30;

/**
 * The assignments of an object: to groups, to all users, with exclusions and filters, some inherited from a policy
 * set.
 */
export function assignments(making: Making, extra: SeedBody = {}): SeedBody[] {
  return targets(making).map((target, at) => ({
    ...extra,
    target,
    ...(at === 0 && making.index % everyInherited === firstInherited
      ? { source: 'policySets', sourceId: danglingId(making) }
      : { source: 'direct' }),
  }));
}

/** Assignments to a few groups, for types with one group at a time. */
export function groupAssignments(making: Making, extra: SeedBody = {}): SeedBody[] {
  const count = making.random.below(3) + 1;
  return Array.from({ length: count }, (_, at) => ({
    ...extra,
    target: toGroup(making, making.index + at),
  }));
}

function targets(making: Making): SeedBody[] {
  const { index, random } = making;
  if (index % everyManyAssignments === firstManyAssignments) {
    return Array.from({ length: manyAssignments }, (_, at) => toGroup(making, index + at));
  }
  const forms: readonly (() => SeedBody[])[] = [
    () => [],
    () => [everyone('allDevices', making), exceptGroup(making)],
    () => [everyone('allLicensedUsers', making)],
    // Never the excluded group.
    () => [toGroup(making, index + random.below(exceptedAfter)), exceptGroup(making)],
    () => [toGroup(making, index), toGroup(making, index + 1), toGroup(making, index + 2)],
  ];
  return forms[index % forms.length]?.() ?? [];
}

function toGroup(making: Making, index: number): SeedBody {
  return {
    '@odata.type': '#microsoft.graph.groupAssignmentTarget',
    ...filterOf(making),
    // The assignment to a deleted group stays.
    groupId:
      making.dangles && index === making.index ? danglingId(making) : groupId(making.seed, index),
  };
}

function exceptGroup(making: Making): SeedBody {
  return {
    '@odata.type': '#microsoft.graph.exclusionGroupAssignmentTarget',
    deviceAndAppManagementAssignmentFilterId: null,
    deviceAndAppManagementAssignmentFilterType: 'none',
    groupId: groupId(making.seed, making.index + exceptedAfter),
  };
}

function everyone(kind: 'allDevices' | 'allLicensedUsers', making: Making): SeedBody {
  return { '@odata.type': `#microsoft.graph.${kind}AssignmentTarget`, ...filterOf(making) };
}

function filterOf(making: Making): SeedBody {
  const id = idOfOther(making, assignmentFilters, making.index);
  const filtered = id !== null && making.index % everyFiltered === 1;
  return {
    deviceAndAppManagementAssignmentFilterId: filtered ? id : null,
    deviceAndAppManagementAssignmentFilterType: filtered ? 'include' : 'none',
  };
}
