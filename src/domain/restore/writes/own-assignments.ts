import type { Parsed } from '#domain/json/json-literals.ts';
import { ownText } from '#domain/json/parsed-object.ts';
import { filterOf, targetOf, targetType } from '#domain/restore/assignment-target.ts';
import { comparableAssignments, directAssignments } from '#domain/restore/direct-assignments.ts';
import type { Compare } from './compare.ts';

const names = ['assignments'];

/** A policy's own assignments in the form of a request body, each once. */
export function ownAssignments(compare: Compare, assignments: readonly Parsed[]): Parsed[] {
  const own = directAssignments(assignments).map((each) => compare.content(names, each));
  const byForm = new Map(
    own.map((each) => [compare.formOf(names, comparableAssignments([each])), each]),
  );
  return [...byForm.values()];
}

/** True if two sets of assignments are equal, in any order. */
export function sameAssignments(
  compare: Compare,
  some: readonly Parsed[],
  others: readonly Parsed[],
): boolean {
  return compare.same(names, comparableAssignments(some), comparableAssignments(others));
}

/** Identifies an assignment by its target: type, group or collection, and filter. Names of stored writes hold this key. */
export function targetKey(assignment: Parsed): string {
  const target = targetOf(assignment);
  const filter = filterOf(target);
  const ofFilter = filter.filters && filter.id !== null ? [filter.id, filter.type] : [];
  return [
    targetType(target),
    ownText(target, 'groupId'),
    ownText(target, 'collectionId'),
    ...ofFilter,
  ]
    .filter((part) => part !== null)
    .join('+');
}
