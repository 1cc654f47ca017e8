import type { ChildCollection } from '../../catalogue/collection-type.ts';
import { normalizeEntry } from '../../catalogue/normalize.ts';
import type { JsonObject } from '../../json/object.ts';
import {
  arrayText,
  elementsOf,
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
import { touched } from './update.ts';
import type { Writing } from './writing.ts';
import { bodyObject, save, storedObject } from './writing.ts';

/** Adds an entry to a child collection. Throws GraphProblem. */
export function createChild(writing: Writing, id: string, name: string): GraphAnswer {
  const navigation = navigationOf(writing, name);
  const stored = storedObject(writing, id);
  const entries = elementsOf(stored, navigation.name);
  const entry = normalizeEntry(bodyObject(writing), navigation, id, entries.length);
  saveEntries(writing, id, stored, navigation, [...entries, objectText(entry)]);
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
  saveEntries(writing, id, stored, navigation, entries.with(at, changed).map(objectText));
  return { status: 200, headers: {}, body: objectText(shown(navigation, changed)) };
}

/** Removes an entry of a child collection. Throws GraphProblem (404). */
export function deleteChild(writing: Writing, id: string, name: string, key: string): GraphAnswer {
  const navigation = navigationOf(writing, name);
  const stored = storedObject(writing, id);
  const entries = objectsOf(stored, navigation.name);
  const left = entries.filter((entry) => stringOf(entry, 'id') !== key);
  if (left.length === entries.length) throw notFound(writing.target.type, key);
  saveEntries(writing, id, stored, navigation, left.map(objectText));
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
  saveEntries(writing, id, storedObject(writing, id), navigation, []);
  return { status: 200, headers: {}, body: null };
}

function saveEntries(
  writing: Writing,
  id: string,
  stored: JsonObject,
  navigation: ChildCollection,
  entries: readonly string[],
): void {
  save(writing, id, touched(withMember(stored, navigation.name, arrayText(entries))));
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
