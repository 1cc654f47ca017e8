import type { ChildCollection } from '../../catalogue/child-collection.ts';
import { normalizeEntry } from '../../catalogue/normalize.ts';
import type { JsonObject } from '../../json/object.ts';
import {
  arrayText,
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
import { intuneProblem, noSegment } from '../problem.ts';
import { notFound, tenantOf } from '../read/reading.ts';
import { checkAssignments } from './check-assignments.ts';
import { checkReferences } from './check-references.ts';
import { touched } from './touched.ts';
import type { Writing } from './writing.ts';
import { bodyObject, save, storedObject } from './writing.ts';

/**
 * Adds an entry to a child collection.
 * @throws GraphProblem.
 */
export function createChild(writing: Writing, id: string, name: string): GraphAnswer {
  const navigation = navigationOf(writing, name);
  const stored = storedObject(writing, id);
  const entries = objectsOf(stored, navigation.name);
  const given = bodyObject(writing);
  if (navigation.ids === 'target') checkAssignments(writing, [given]);
  const normal = normalizeEntry(given, navigation, id, entries.length);
  const entry = navigation.ids === 'target' ? oneMore(normal, entries) : normal;
  if (entries.some((other) => stringOf(other, 'id') === stringOf(entry, 'id'))) {
    throw intuneProblem(400, 'BadRequest', `The ${navigation.name} already hold such an entry`);
  }
  checkEntry(writing, stored, navigation, entry);
  saveEntries(writing, id, stored, navigation, [...entries, entry], entry);
  return {
    status: navigation.createStatus,
    headers: {},
    body: objectText(shown(navigation, entry)),
  };
}

/** Gives a single assignment a free id: Intune does not compare it with the others, so each POST adds one. */
function oneMore(assignment: JsonObject, others: readonly JsonObject[]): JsonObject {
  const id = stringOf(assignment, 'id') ?? '';
  const taken = others.map((other) => stringOf(other, 'id') ?? '');
  const free = [id, ...taken.map((_, at) => `${id}_${at + 1}`)].find(
    (each) => !taken.includes(each),
  );
  return withMember(assignment, 'id', JSON.stringify(free ?? id));
}

function checkEntry(
  writing: Writing,
  stored: JsonObject,
  { name }: ChildCollection,
  entry: JsonObject,
): void {
  checkReferences(writing, [member(name, arrayText([objectText(entry)]))]);
  const complaint = writing.target.type.checkEntry(stored, name, entry, tenantOf(writing));
  if (complaint !== null) throw intuneProblem(400, 'BadRequest', complaint);
}

/**
 * Changes an entry of a child collection.
 * @throws GraphProblem (404).
 */
export function updateChild(writing: Writing, id: string, name: string, key: string): GraphAnswer {
  const navigation = navigationOf(writing, name);
  const stored = storedObject(writing, id);
  const given = withoutMembers(bodyObject(writing), ['id']);
  const fixed = navigation.unpatchable.find((each) => textOf(given, each) !== undefined);
  if (fixed !== undefined) {
    throw intuneProblem(400, 'BadRequest', `The property ${fixed} cannot be updated`);
  }
  const entries = objectsOf(stored, navigation.name);
  const at = entries.findIndex((entry) => stringOf(entry, 'id') === key);
  const entry = entries[at];
  if (entry === undefined) throw notFound(writing.target.type, key);
  checkReferences(writing, [member(navigation.name, arrayText([objectText(given)]))]);
  const changed = mergeObjects(entry, given);
  saveEntries(writing, id, stored, navigation, entries.with(at, changed), changed);
  return { status: 200, headers: {}, body: objectText(shown(navigation, changed)) };
}

/**
 * Removes an entry of a child collection.
 * @throws GraphProblem (404).
 */
export function deleteChild(writing: Writing, id: string, name: string, key: string): GraphAnswer {
  const navigation = navigationOf(writing, name);
  const stored = storedObject(writing, id);
  const entries = objectsOf(stored, navigation.name);
  const left = entries.filter((entry) => stringOf(entry, 'id') !== key);
  if (left.length === entries.length) throw notFound(writing.target.type, key);
  saveEntries(writing, id, stored, navigation, left, null);
  return { status: 200, headers: {}, body: null };
}

/** Omits an entry's nested collections and `@odata.bind` links from the answer. */
function shown(navigation: ChildCollection, entry: JsonObject): JsonObject {
  const hidden = navigation.children.map((inner) => inner.name);
  return entry.filter(({ key }) => !hidden.includes(key) && !key.endsWith('@odata.bind'));
}

/**
 * Removes all entries of a child collection.
 * @throws GraphProblem.
 */
export function deleteChildren(writing: Writing, id: string, name: string): GraphAnswer {
  const navigation = navigationOf(writing, name);
  saveEntries(writing, id, storedObject(writing, id), navigation, [], null);
  return { status: 200, headers: {}, body: null };
}

/** Stores the entries. Assignments are no part of the policy, so they do not move its date. */
function saveEntries(
  writing: Writing,
  id: string,
  stored: JsonObject,
  navigation: ChildCollection,
  entries: readonly JsonObject[],
  written: JsonObject | null,
): void {
  const { name } = navigation;
  const changed = withMember(stored, name, arrayText(entries.map(objectText)));
  const whole = written === null ? changed : writing.target.type.afterEntry(changed, name, written);
  save(writing, id, name === 'assignments' ? whole : touched(whole));
}

function navigationOf({ target }: Writing, name: string): ChildCollection {
  const navigation = target.type.children.find(
    (each) => each.name.toLowerCase() === name.toLowerCase(),
  );
  if (navigation === undefined) throw noSegment(name);
  if (!navigation.writable) {
    throw intuneProblem(400, 'BadRequest', 'No method match route template');
  }
  return navigation;
}
