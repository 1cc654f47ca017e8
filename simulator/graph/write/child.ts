import type { ChildCollection } from '../../catalogue/child-collection.ts';
import { normalizeEntry } from '../../catalogue/normalize.ts';
import type { JsonObject } from '../../json/object.ts';
import {
  arrayText,
  mergeObjects,
  objectText,
  objectsOf,
  stringOf,
  withMember,
  withoutMembers,
} from '../../json/object.ts';
import type { GraphAnswer } from '../call.ts';
import { intuneProblem, noSegment } from '../problem.ts';
import { notFound } from '../read/reading.ts';
import { checkAssignments } from './check-assignments.ts';
import { touched } from './touched.ts';
import type { Writing } from './writing.ts';
import { bodyObject, save, storedObject } from './writing.ts';

/** Adds an entry to a child collection. Throws GraphProblem. */
export function createChild(writing: Writing, id: string, name: string): GraphAnswer {
  const navigation = navigationOf(writing, name);
  const stored = storedObject(writing, id);
  const entries = objectsOf(stored, navigation.name);
  const given = bodyObject(writing);
  if (navigation.ids === 'target') checkAssignments(writing, [given]);
  const entry = normalizeEntry(given, navigation, id, entries.length);
  if (entries.some((other) => stringOf(other, 'id') === stringOf(entry, 'id'))) {
    throw intuneProblem(400, 'BadRequest', `The ${navigation.name} already hold such an entry`);
  }
  const complaint = writing.target.type.checkEntry(stored, navigation.name, entry);
  if (complaint !== null) throw intuneProblem(400, 'BadRequest', complaint);
  saveEntries(writing, id, stored, navigation, [...entries, entry], entry);
  return {
    status: navigation.createStatus,
    headers: {},
    body: objectText(shown(navigation, entry)),
  };
}

/** Changes an entry of a child collection. Throws GraphProblem (404). */
export function updateChild(writing: Writing, id: string, name: string, key: string): GraphAnswer {
  const navigation = navigationOf(writing, name);
  const stored = storedObject(writing, id);
  const given = withoutMembers(bodyObject(writing), ['id']);
  const entries = objectsOf(stored, navigation.name);
  const at = entries.findIndex((entry) => stringOf(entry, 'id') === key);
  const entry = entries[at];
  if (entry === undefined) throw notFound(writing.target.type, key);
  const changed = mergeObjects(entry, given);
  saveEntries(writing, id, stored, navigation, entries.with(at, changed), changed);
  return { status: 200, headers: {}, body: objectText(shown(navigation, changed)) };
}

/** Removes an entry of a child collection. Throws GraphProblem (404). */
export function deleteChild(writing: Writing, id: string, name: string, key: string): GraphAnswer {
  const navigation = navigationOf(writing, name);
  const stored = storedObject(writing, id);
  const entries = objectsOf(stored, navigation.name);
  const left = entries.filter((entry) => stringOf(entry, 'id') !== key);
  if (left.length === entries.length) throw notFound(writing.target.type, key);
  saveEntries(writing, id, stored, navigation, left, null);
  return { status: 200, headers: {}, body: null };
}

/** What an answer shows of an entry: neither what lies below it nor the links that it was written with. */
function shown(navigation: ChildCollection, entry: JsonObject): JsonObject {
  const hidden = navigation.children.map((inner) => inner.name);
  return entry.filter(({ key }) => !hidden.includes(key) && !key.endsWith('@odata.bind'));
}

/** Removes all entries of a child collection. Throws GraphProblem. */
export function deleteChildren(writing: Writing, id: string, name: string): GraphAnswer {
  const navigation = navigationOf(writing, name);
  saveEntries(writing, id, storedObject(writing, id), navigation, [], null);
  return { status: 200, headers: {}, body: null };
}

/** Keeps the entries; who a policy is assigned to is no change of the policy, so assignments move no date. */
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
