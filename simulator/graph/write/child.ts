import type { ChildCollection } from '../../catalogue/collection-type.ts';
import { normalizeEntry } from '../../catalogue/normalize.ts';
import {
  arrayText,
  elementsOf,
  objectText,
  objectsOf,
  stringOf,
  withMember,
} from '../../json/object.ts';
import type { GraphAnswer } from '../call.ts';
import { noSegment } from '../problem.ts';
import { notFound } from '../read/reading.ts';
import { touched } from './update.ts';
import type { Writing } from './writing.ts';
import { bodyObject, save, storedObject } from './writing.ts';

/** Adds an entry to a child collection. Throws GraphProblem. */
export function createChild(writing: Writing, id: string, name: string): GraphAnswer {
  const navigation = navigationOf(writing, name);
  const stored = storedObject(writing, id).body;
  const entries = elementsOf(stored, navigation.name);
  const entry = objectText(normalizeEntry(bodyObject(writing), navigation, id, entries.length));
  save(writing, id, touched(withMember(stored, navigation.name, arrayText([...entries, entry]))));
  return { status: 201, headers: {}, body: entry };
}

/** Removes an entry of a child collection. Throws GraphProblem (404). */
export function deleteChild(writing: Writing, id: string, name: string, key: string): GraphAnswer {
  const navigation = navigationOf(writing, name);
  const stored = storedObject(writing, id).body;
  const entries = objectsOf(stored, navigation.name);
  const left = entries.filter((entry) => stringOf(entry, 'id') !== key);
  if (left.length === entries.length) throw notFound(writing.target.type, key);
  save(writing, id, touched(withMember(stored, navigation.name, arrayText(left.map(objectText)))));
  return { status: 204, headers: {}, body: null };
}

function navigationOf({ target }: Writing, name: string): ChildCollection {
  const navigation = target.type.children.find((each) => each.name === name);
  if (navigation === undefined || navigation.single) throw noSegment(name);
  return navigation;
}
