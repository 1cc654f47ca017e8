import { isInherited, withAssignmentIdentity } from '../../catalogue/assignment.ts';
import type { AssignAction } from '../../catalogue/assign-action.ts';
import { knownType } from '../../catalogue/find-type.ts';
import { tenantObject } from '../../catalogue/tenant-objects.ts';
import type { JsonObject } from '../../json/object.ts';
import {
  arrayText,
  objectText,
  objectsOf,
  parseObject,
  stringOf,
  textOf,
  withMember,
  withoutMembers,
} from '../../json/object.ts';
import type { GraphAnswer } from '../call.ts';
import { badRequest, intuneProblem, noSegment } from '../problem.ts';
import { tenantOf } from '../read/reading.ts';
import { checkAssignments } from './check-assignments.ts';
import type { Writing } from './writing.ts';
import { bodyObject, save, storedObject } from './writing.ts';

/**
 * Replaces an object's direct assignments by those in the body. Assignments by policy sets stay.
 * @throws GraphProblem for a type without the action and for a body without the key.
 */
export function assign(writing: Writing, id: string): GraphAnswer {
  const action = writing.target.type.assign;
  if (action === null) throw noSegment('assign');
  const holder = holderOf(writing, action, id);
  const stored = storedObject(holder, id);
  const complaint = holder.target.type.checkAssign(stored);
  if (complaint !== null) throw intuneProblem(400, 'BadRequest', complaint);
  const given = bodyObject(writing);
  if (!textOf(given, action.key)?.trim().startsWith('[')) {
    throw badRequest(`The parameter '${action.key}' is missing in the payload.`);
  }
  checkAssignments(writing, objectsOf(given, action.key));
  const inherited = objectsOf(stored, 'assignments').filter(isInherited);
  const written = distinctTargets(objectsOf(given, action.key)).map((assignment) =>
    withAssignmentIdentity(withoutMembers(assignment, ['id', 'source', 'sourceId']), id),
  );
  const all = [...inherited, ...written].map(objectText);
  save(holder, id, withMember(stored, 'assignments', arrayText(all)));
  const body = action.returns ? `{"value":${arrayText(all)}}` : null;
  return { status: action.status, headers: {}, body };
}

/** Finds the object's collection: the called one, or another one also assigned at this path. */
function holderOf(writing: Writing, action: AssignAction, id: string): Writing {
  const types = action.alsoFor.map(knownType).filter((type) => type !== undefined);
  const tenant = tenantOf(writing);
  if (tenantObject(writing.target.type, tenant, id) !== undefined) return writing;
  const type = types.find((each) => tenantObject(each, tenant, id) !== undefined);
  return type === undefined ? writing : { ...writing, target: { ...writing.target, type } };
}

/** Each group, and all users or devices, can be assigned once; the last of repeated targets counts. */
function distinctTargets(assignments: readonly JsonObject[]): JsonObject[] {
  const byTarget = new Map(
    assignments.map((assignment) => {
      const text = textOf(assignment, 'target') ?? '{}';
      const target = parseObject(text);
      const key = [stringOf(target, '@odata.type'), stringOf(target, 'groupId')].join(' ');
      return [key, assignment];
    }),
  );
  return [...byTarget.values()];
}
