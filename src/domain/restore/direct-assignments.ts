import type { Parsed } from '#domain/json/json-literals.ts';
import { isParsedObject, mapAt, ownMember, withoutKeys } from '#domain/json/parsed-object.ts';
import { filterIdProperty, filterOf, filterTypeProperty } from './assignment-target.ts';

/** What tells of an assignment where it came from, and nothing of whom it reaches. */
const ofOrigin = new Set(['id', 'source', 'sourceId']);

/**
 * The assignments that are a policy's own, without what Graph says of their origin. Those inherited from a policy set
 * are neither written nor compared: Graph makes and removes them with the set.
 */
export function directAssignments(assignments: readonly Parsed[]): Parsed[] {
  return assignments.filter(isDirect).map((assignment) => {
    return isParsedObject(assignment)
      ? withoutKeys(assignment, (key) => ofOrigin.has(key))
      : assignment;
  });
}

function isDirect(assignment: Parsed): boolean {
  return !isParsedObject(assignment) || ownMember(assignment, 'source') !== 'policySets';
}

const ofFilter: ReadonlySet<string> = new Set([filterIdProperty, filterTypeProperty]);

/** The same, as they are compared: that there is no filter is said in several ways. */
export function comparableAssignments(assignments: readonly Parsed[]): Parsed[] {
  return directAssignments(assignments).map((assignment) =>
    mapAt(assignment, ['target'], withoutIdleFilter),
  );
}

function withoutIdleFilter(target: Parsed): Parsed {
  if (!isParsedObject(target) || filterOf(target).filters) return target;
  return withoutKeys(target, (key) => ofFilter.has(key));
}
