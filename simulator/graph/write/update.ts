import { normalizeBody } from '../../catalogue/normalize.ts';
import type { JsonObject } from '../../json/object.ts';
import { mergeObjects, textOf, valueOf, withMember, withoutMembers } from '../../json/object.ts';
import type { GraphAnswer } from '../call.ts';
import { intuneProblem } from '../problem.ts';
import { readOptions } from '../options.ts';
import { tenantOf } from '../read/reading.ts';
import { readItem } from '../read/read-item.ts';
import type { Writing } from './writing.ts';
import { bodyObject, nowText, save, storedObject } from './writing.ts';

/** Changes an object: PATCH sets the properties given, PUT replaces the whole. Throws GraphProblem. */
export function updateObject(writing: Writing, id: string): GraphAnswer {
  const { type } = writing.target;
  const stored = storedObject(writing, id);
  const given = type.recalled(bodyObject(writing), stored);
  const isPut = writing.call.method === 'PUT';
  if (isPut && type.update.method !== 'PUT') {
    throw intuneProblem(400, 'BadRequest', 'No method match route template');
  }
  const complaint = type.checkUpdate(given);
  if (complaint !== null) throw intuneProblem(400, 'BadRequest', complaint);
  const changed = isPut ? replacement(stored, given) : patched(writing, stored, given);
  save(writing, id, normalizeBody(type, id, touched(changed)));
  if (isPut || type.update.status === 204) return { status: 204, headers: {}, body: null };
  return readItem({ ...writing, options: readOptions(''), metadata: 'minimal' }, id);
}

/** Removes an object. Throws GraphProblem (404). */
export function deleteObject(writing: Writing, id: string): GraphAnswer {
  const { service, call, target } = writing;
  storedObject(writing, id);
  const complaint = target.type.checkDelete(id, tenantOf(writing));
  if (complaint !== null) throw intuneProblem(400, 'BadRequest', complaint);
  service.store.delete(call.caller.tenantId, target.type.storage.path, id);
  return { status: target.type.deleteStatus, headers: {}, body: null };
}

/** The object with its date of change and its version moved on, where it has them. */
export function touched(body: JsonObject): JsonObject {
  const version = valueOf(body, 'version');
  const dated =
    textOf(body, 'lastModifiedDateTime') === undefined
      ? body
      : withMember(body, 'lastModifiedDateTime', nowText());
  return typeof version === 'number' ? withMember(dated, 'version', String(version + 1)) : dated;
}

/** PATCH leaves the child collections alone: they have addresses and actions of their own. */
function patched({ target: { type } }: Writing, stored: JsonObject, given: JsonObject) {
  const fixed = ['id', 'createdDateTime', ...type.children.map(({ name }) => name)];
  return mergeObjects(stored, type.written(withoutMembers(given, fixed)));
}

/** PUT keeps what is not the client's to write: the identity, the date of creation and the assignments. */
function replacement(stored: JsonObject, given: JsonObject): JsonObject {
  const kept = ['id', 'createdDateTime', 'lastModifiedDateTime', 'version', 'assignments'];
  return [...stored.filter(({ key }) => kept.includes(key)), ...withoutMembers(given, kept)];
}
