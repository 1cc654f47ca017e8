import type { Parsed } from '#domain/json/json-literals.ts';
import { isParsedObject, mapAt, ownMember, withoutKeys } from '#domain/json/parsed-object.ts';
import { filterIdProperty, filterOf, filterTypeProperty } from './assignment-target.ts';

/** Properties about the origin of an assignment; they do not affect the people it reaches. */
const ofOrigin = new Set(['id', 'source', 'sourceId']);

/**
 * A policy's own assignments without Graph's notes on their origin. Inherited ones are neither written nor compared:
 * Graph adds and removes them with the policy set.
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

/** The same assignments in comparable form: Graph spells "no filter" in several ways. */
export function comparableAssignments(assignments: readonly Parsed[]): Parsed[] {
  return directAssignments(assignments).map((assignment) =>
    mapAt(assignment, ['target'], withoutIdleFilter),
  );
}

function withoutIdleFilter(target: Parsed): Parsed {
  if (!isParsedObject(target) || filterOf(target).filters) return target;
  return withoutKeys(target, (key) => ofFilter.has(key));
}
