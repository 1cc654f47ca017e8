import { groupsPath } from '../../entra/membership.ts';
import type { JsonObject } from '../../json/object.ts';
import { isObjectText, parseObject, stringOf, textOf } from '../../json/object.ts';
import { intuneProblem } from '../problem.ts';
import { tenantOf } from '../read/reading.ts';
import type { Writing } from './writing.ts';

const filtersPath = '/deviceManagement/assignmentFilters';
const noFilter = '00000000-0000-0000-0000-000000000000';

/**
 * Refuses inherited assignments (only the policy set writes them), and assignments to missing groups or with missing
 * filters.
 * @throws GraphProblem (400).
 */
export function checkAssignments(writing: Writing, assignments: readonly JsonObject[]): void {
  for (const assignment of assignments) {
    if (stringOf(assignment, 'source') === 'policySets') {
      throw refused('Assignments of source policySets cannot be written directly');
    }
    checkTarget(writing, targetOf(assignment));
  }
}

function checkTarget(writing: Writing, target: JsonObject): void {
  const { store, tenantId } = tenantOf(writing);
  const type = stringOf(target, '@odata.type') ?? '';
  if (!type.endsWith('Target')) throw refused('The target of an assignment must name its type');
  const groupId = stringOf(target, 'groupId');
  if (/group/i.test(type) && groupId === undefined) {
    throw refused('The target of an assignment to a group must name the group');
  }
  if (groupId !== undefined && store.find(tenantId, groupsPath, groupId) === undefined) {
    throw refused(`Group ${groupId} was not found in the directory`);
  }
  const filterId = stringOf(target, 'deviceAndAppManagementAssignmentFilterId') ?? noFilter;
  if (filterId !== noFilter && store.find(tenantId, filtersPath, filterId) === undefined) {
    throw refused(`Scope Tags validation failed: Filters ${filterId} not found`);
  }
}

function targetOf(assignment: JsonObject): JsonObject {
  const text = textOf(assignment, 'target');
  if (text === undefined || !isObjectText(text)) throw refused('An assignment must have a target');
  return parseObject(text);
}

function refused(message: string) {
  return intuneProblem(400, 'BadRequest', message);
}
