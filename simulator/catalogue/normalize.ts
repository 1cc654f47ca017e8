import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../json/object.ts';
import {
  arrayText,
  elementsOf,
  isArrayText,
  isObjectText,
  member,
  objectText,
  parseObject,
  stringOf,
  textOf,
  withMember,
} from '../json/object.ts';
import { withAssignmentIdentity } from './assignment.ts';
import type { ChildCollection } from './child-collection.ts';
import type { CollectionType } from './collection-type.ts';

/** Annotations in exports, not part of an object: links, contexts, actions, counts. */
const annotation =
  /^#|^@odata\.(?:context|id|editLink|etag)$|.@odata\.(?:context|navigationLink|associationLink|nextLink|count)$/;

/** Removes the annotations of the exported answer. */
export function withoutAnnotations(body: JsonObject): JsonObject {
  return body.filter(({ key }) => !annotation.test(key));
}

/**
 * Returns an object in stored form: its id first, child collections as arrays of entries with ids, and its dates set.
 * All else stays as written.
 */
export function normalizeBody(type: CollectionType, id: string, body: JsonObject): JsonObject {
  const own = withoutAnnotations(body).filter(({ key }) => key !== 'id');
  const withChildren = type.children.reduce<JsonObject>(
    (object, navigation) => normalizeChild(object, navigation, id),
    [member('id', JSON.stringify(id)), ...own],
  );
  return type.dated ? withDates(withChildren) : withChildren;
}

function normalizeChild(body: JsonObject, navigation: ChildCollection, parentId: string) {
  const text = textOf(body, navigation.name);
  if (text === undefined) return body;
  if (navigation.single) return body;
  const entries = listedElements(body, navigation.name).map((element, index) =>
    isObjectText(element)
      ? objectText(normalizeEntry(parseObject(element), navigation, parentId, index))
      : element,
  );
  return withMember(body, navigation.name, arrayText(entries));
}

/**
 * Returns a child collection's elements; some exporters keep the whole answer, `{"value": [...]}`, or a bare entry.
 */
function listedElements(body: JsonObject, name: string): string[] {
  const text = textOf(body, name) ?? '[]';
  if (isArrayText(text)) return elementsOf(body, name);
  if (!isObjectText(text)) return [];
  const object = parseObject(text);
  return textOf(object, 'value') === undefined ? [text] : elementsOf(object, 'value');
}

/** Returns an entry in stored form, with the service's id if it has none. */
export function normalizeEntry(
  entry: JsonObject,
  navigation: ChildCollection,
  parentId: string,
  index: number,
): JsonObject {
  const own = withoutAnnotations(entry);
  const identified =
    navigation.ids === 'target'
      ? withAssignmentIdentity(own, parentId)
      : withEntryId(own, navigation, parentId, index);
  const id = stringOf(identified, 'id') ?? '';
  return navigation.children.reduce<JsonObject>(
    (object, inner) => normalizeChild(object, inner, id),
    identified,
  );
}

function withEntryId(
  entry: JsonObject,
  navigation: ChildCollection,
  parentId: string,
  index: number,
): JsonObject {
  if (textOf(entry, 'id') !== undefined) return entry;
  const ids = {
    index: () => String(index),
    guid: () => randomUUID(),
    locale: () => `${parentId}_${stringOf(entry, 'locale') ?? index}`,
    target: () => randomUUID(),
  };
  return [member('id', JSON.stringify(ids[navigation.ids]())), ...entry];
}

function withDates(body: JsonObject): JsonObject {
  const now = JSON.stringify(new Date().toISOString());
  const dates = ['createdDateTime', 'lastModifiedDateTime'].filter(
    (name) => textOf(body, name) === undefined,
  );
  return [...body, ...dates.map((name) => member(name, now))];
}
