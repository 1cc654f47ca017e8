import { isInherited, withAssignmentIdentity } from '../../catalogue/assignment.ts';
import type { JsonObject } from '../../json/object.ts';
import {
  arrayText,
  objectText,
  objectsOf,
  stringOf,
  textOf,
  withMember,
  withoutMembers,
} from '../../json/object.ts';
import type { GraphAnswer } from '../call.ts';
import { badRequest, noSegment } from '../problem.ts';
import type { Writing } from './writing.ts';
import { bodyObject, save, storedObject } from './writing.ts';

/**
 * Replaces all direct assignments of an object by the set given under the type's key. Those that come from policy
 * sets stay. Throws GraphProblem for a type without the action and for a body without the key.
 */
export function assign(writing: Writing, id: string): GraphAnswer {
  const action = writing.target.type.assign;
  if (action === null) throw noSegment('assign');
  const stored = storedObject(writing, id);
  const body = bodyObject(writing);
  if (!textOf(body, action.key)?.trim().startsWith('[')) {
    throw badRequest(`The parameter '${action.key}' is missing in the payload.`);
  }
  const inherited = objectsOf(stored, 'assignments').filter(isInherited);
  const written = distinctTargets(objectsOf(body, action.key)).map((assignment) =>
    withAssignmentIdentity(withoutMembers(assignment, ['id', 'source', 'sourceId']), id),
  );
  const all = [...inherited, ...written].map(objectText);
  save(writing, id, withMember(stored, 'assignments', arrayText(all)));
  if (action.status === 204) return { status: 204, headers: {}, body: null };
  return { status: 200, headers: {}, body: `{"value":${arrayText(all)}}` };
}

/** A target may appear once; of repeated ones the last is kept. */
function distinctTargets(assignments: readonly JsonObject[]): JsonObject[] {
  const byTarget = new Map(
    assignments.map((assignment) => [textOf(assignment, 'target') ?? '', assignment]),
  );
  return [...byTarget.values()].filter((each) => stringOf(each, 'source') !== 'policySets');
}
