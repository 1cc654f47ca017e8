import type { Parsed } from '#domain/json/json-literals.ts';
import {
  isParsedObject,
  ownMember,
  ownText,
  type ParsedObject,
} from '#domain/json/parsed-object.ts';
import { comparableAssignments, directAssignments } from '#domain/restore/direct-assignments.ts';
import type { Compare } from './compare.ts';

const names = ['assignments'];
const filter = 'deviceAndAppManagementAssignmentFilter';

/** The assignments that are a policy's own, as a body holds them, each once. */
export function ownAssignments(compare: Compare, assignments: readonly Parsed[]): Parsed[] {
  const own = directAssignments(assignments).map((each) => compare.content(names, each));
  const byForm = new Map(
    own.map((each) => [compare.formOf(names, comparableAssignments([each])), each]),
  );
  return [...byForm.values()];
}

/** Whether two sets of assignments reach the same, in whatever order. */
export function sameAssignments(
  compare: Compare,
  some: readonly Parsed[],
  others: readonly Parsed[],
): boolean {
  return compare.same(names, comparableAssignments(some), comparableAssignments(others));
}

function filterTypeOf(target: ParsedObject): string {
  return ownText(target, `${filter}Type`) ?? 'none';
}

/** Whom an assignment is for. */
export function targetOf(assignment: Parsed): ParsedObject {
  const target = isParsedObject(assignment) ? ownMember(assignment, 'target') : undefined;
  return isParsedObject(target) ? target : {};
}

/** An assignment in a word: the kind of its target, the group, and the filter if there is one. */
export function targetKey(assignment: Parsed): string {
  const target = targetOf(assignment);
  const type = (ownText(target, '@odata.type') ?? '').replace('#microsoft.graph.', '');
  const filterType = filterTypeOf(target);
  const filterId = filterType === 'none' ? null : ownText(target, `${filter}Id`);
  const parts = [type, ownText(target, 'groupId'), ownText(target, 'collectionId'), filterId];
  return [...parts, filterId === null ? null : filterType]
    .filter((part) => part !== null)
    .join('+');
}

/** Whether an assignment takes a group out. */
export function isExclusion(assignment: Parsed): boolean {
  return /exclusion/i.test(ownText(targetOf(assignment), '@odata.type') ?? '');
}
