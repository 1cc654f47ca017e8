import { normalizeBody } from '../../catalogue/normalize.ts';
import { tenantObject } from '../../catalogue/tenant-objects.ts';
import type { JsonObject } from '../../json/object.ts';
import { mergeObjects, stringOf, textOf, withoutMembers } from '../../json/object.ts';
import type { GraphAnswer } from '../call.ts';
import { badRequest, intuneProblem } from '../problem.ts';
import { readOptions } from '../options.ts';
import { tenantOf } from '../read/reading.ts';
import { readItem } from '../read/read-item.ts';
import { checkReferences } from './check-references.ts';
import { checkUnique } from './check-unique.ts';
import { createObject } from './create.ts';
import { touched } from './touched.ts';
import type { Writing } from './writing.ts';
import { bodyObject, remove, save, storedObject } from './writing.ts';

/**
 * Changes an object: PATCH sets the given properties, PUT replaces the object.
 * @throws GraphProblem.
 */
export function updateObject(writing: Writing, id: string): GraphAnswer {
  const { type } = writing.target;
  if (
    type.chosenIds?.test(id) === true &&
    tenantObject(type, tenantOf(writing), id) === undefined
  ) {
    return createObject(writing, id);
  }
  const stored = storedObject(writing, id);
  const given = type.recalled(bodyObject(writing), stored);
  const isPut = writing.call.method === 'PUT';
  if (isPut && type.update.method !== 'PUT') {
    throw intuneProblem(400, 'BadRequest', 'No method match route template');
  }
  if (isPut) checkImmutable(writing, given, stored);
  else checkPatch(writing, given, stored);
  checkUnique(writing, given, id);
  checkReferences(writing, given);
  const complaint = type.checkUpdate(given, stored);
  if (complaint !== null) throw intuneProblem(400, 'BadRequest', complaint);
  const changed = isPut ? replacement(writing, stored, given) : patched(writing, stored, given);
  save(writing, id, normalizeBody(type, id, touched(changed)));
  if (isPut || type.update.status === 204) return { status: 204, headers: {}, body: null };
  return readItem({ ...writing, options: readOptions(''), metadata: 'minimal' }, id);
}

/**
 * Deletes an object.
 * @throws GraphProblem (400, 404).
 */
export function deleteObject(writing: Writing, id: string): GraphAnswer {
  const { service, call, target } = writing;
  const stored = storedObject(writing, id);
  const complaint = target.type.checkDelete(stored, tenantOf(writing));
  if (complaint !== null) throw intuneProblem(400, 'BadRequest', complaint);
  if (service.conditions.isLocked(call.caller.tenantId, id)) {
    throw intuneProblem(400, 'BadRequest', 'The assignment filter is associated with a policy');
  }
  remove(writing, id);
  return { status: target.type.deleteStatus, headers: {}, body: null };
}

/** An immutable property may be sent with its present value. */
function checkImmutable({ target: { type } }: Writing, given: JsonObject, stored: JsonObject) {
  const changed = type.immutable.find((name) => {
    const text = textOf(given, name);
    return text !== undefined && text !== textOf(stored, name);
  });
  if (changed === undefined) return;
  throw intuneProblem(400, 'BadRequest', `The property ${changed} cannot be updated`);
}

/** Properties of all profiles and apps; for other ones OData must know the derived type. */
const commonProperties = ['displayName', 'description', 'roleScopeTagIds', 'publishingState'];

function checkPatch(writing: Writing, given: JsonObject, stored: JsonObject): void {
  const { type } = writing.target;
  checkImmutable(writing, given, stored);
  const named = type.unpatchable.find((name) => textOf(given, name) !== undefined);
  if (named !== undefined) {
    throw intuneProblem(400, 'BadRequest', `The property ${named} cannot be updated`);
  }
  if (!type.abstract) return;
  const kind = stringOf(given, '@odata.type');
  const foreign = given.find(
    ({ key }) => !key.startsWith('@odata.') && !commonProperties.includes(key),
  );
  if (kind === undefined && foreign !== undefined) {
    throw badRequest(
      `The property '${foreign.key}' does not exist on type 'microsoft.graph.${type.entity}'.`,
    );
  }
  if (kind !== undefined && kind !== stringOf(stored, '@odata.type')) {
    throw badRequest(`The type of the object is not '${kind}'.`);
  }
}

/** PATCH does not change child collections; they have their own paths and actions. */
function patched({ target: { type } }: Writing, stored: JsonObject, given: JsonObject) {
  const fixed = ['id', 'createdDateTime', ...type.children.map(({ name }) => name)];
  return mergeObjects(stored, type.written(withoutMembers(given, fixed)));
}

/** PUT keeps the id, the dates, the version, and the children no POST can create with the object. */
function replacement({ target: { type } }: Writing, stored: JsonObject, given: JsonObject) {
  const others = type.children.filter(({ createdWithParent }) => !createdWithParent);
  const own = ['id', 'createdDateTime', 'lastModifiedDateTime', 'version'];
  const kept = [...own, ...others.map(({ name }) => name)];
  return [...stored.filter(({ key }) => kept.includes(key)), ...withoutMembers(given, kept)];
}
