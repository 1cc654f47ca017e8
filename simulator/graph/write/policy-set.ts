import type { JsonObject } from '../../json/object.ts';
import {
  arrayText,
  elementsOf,
  member,
  mergeObjects,
  objectText,
  objectsOf,
  stringOf,
  textOf,
  withMember,
  withoutMembers,
} from '../../json/object.ts';
import type { GraphAnswer } from '../call.ts';
import { checkAssignments } from './check-assignments.ts';
import { checkReferences } from './check-references.ts';
import { entriesText } from './entries-text.ts';
import { touched } from './touched.ts';
import type { Writing } from './writing.ts';
import { bodyObject, save, storedObject } from './writing.ts';

const itemKeys = ['addedPolicySetItems', 'updatedPolicySetItems', 'deletedPolicySetItems'];

/**
 * Changes a policy set's items, its assignments, or both.
 * @throws GraphProblem (400, 404).
 */
export function updatePolicySet(writing: Writing, id: string): GraphAnswer {
  const stored = storedObject(writing, id);
  const body = bodyObject(writing);
  const changed = withAssignments(writing, id, body, withItems(writing, id, body, stored));
  const isChange = itemKeys.some((key) => elementsOf(body, key).length > 0);
  save(writing, id, isChange ? touched(changed) : changed);
  return { status: 204, headers: {}, body: null };
}

function withItems(writing: Writing, id: string, body: JsonObject, stored: JsonObject): JsonObject {
  const deleted = new Set(
    elementsOf(body, 'deletedPolicySetItems').map((each) => String(JSON.parse(each))),
  );
  const updated = new Map(
    objectsOf(body, 'updatedPolicySetItems').map((item) => [stringOf(item, 'id') ?? '', item]),
  );
  const kept = objectsOf(stored, 'items')
    .filter((item) => !deleted.has(stringOf(item, 'id') ?? ''))
    .map((item) => mergeObjects(item, updated.get(stringOf(item, 'id') ?? '') ?? []));
  const added = objectsOf(body, 'addedPolicySetItems').map((item) => withoutMembers(item, ['id']));
  checkReferences(writing, [member('items', arrayText(added.map(objectText)))]);
  return withMember(stored, 'items', entriesText(writing, id, 'items', [...kept, ...added]));
}

function withAssignments(
  writing: Writing,
  id: string,
  body: JsonObject,
  stored: JsonObject,
): JsonObject {
  if (textOf(body, 'assignments') === undefined) return stored;
  const given = objectsOf(body, 'assignments');
  checkAssignments(writing, given);
  return withMember(stored, 'assignments', entriesText(writing, id, 'assignments', given));
}
