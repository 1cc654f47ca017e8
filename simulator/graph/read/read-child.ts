import type { ChildCollection } from '../../catalogue/child-collection.ts';
import type { JsonObject } from '../../json/object.ts';
import {
  isObjectText,
  member,
  objectText,
  objectsOf,
  parseObject,
  stringOf,
  textOf,
  withoutMembers,
} from '../../json/object.ts';
import type { GraphAnswer } from '../call.ts';
import { listText, selectObjects } from '../list.ts';
import { intuneProblem, noSegment } from '../problem.ts';
import { childShape, shapeObject } from '../shape.ts';
import { readProperty } from './read-property.ts';
import type { Reading } from './reading.ts';
import {
  contextMembers,
  itemPath,
  jsonAnswer,
  notFound,
  presentedObject,
  viewOf,
} from './reading.ts';

/**
 * Answers a GET below one object: a child collection, its entry, a level below it, or a property.
 * @throws GraphProblem.
 */
export function readChild(reading: Reading, id: string, segments: readonly string[]): GraphAnswer {
  const { type } = reading.target;
  let body = presentedObject(reading, id);
  let children = type.navigable ? type.children : [];
  let path = itemPath(reading, id);
  let index = 0;
  // A child without a path of its own is not a property, either.
  const hidden = type.navigable ? [] : type.children.map(({ name }) => name);
  const own = (object: JsonObject): JsonObject => withoutMembers(object, hidden);
  while (index < segments.length) {
    const navigation = navigationOf(children, segments[index] ?? '');
    if (navigation === undefined) {
      const empty = index === 0 ? unsetImages(body, type.withheld) : [];
      return readProperty(reading, [...own(body), ...empty], path, segments.slice(index));
    }
    path = `${path}/${navigation.name}`;
    const isLast = index + 1 === segments.length;
    const key = segments[index + 1];
    if (navigation.single && isLast) return readSingle(reading, navigation, body, path);
    if (!navigation.single && (key === undefined || key === '$count')) {
      return readList(reading, navigation, body, path);
    }
    body = navigation.single
      ? singleOf(reading, navigation, body)
      : entryOf(reading, navigation, body, key ?? '');
    if (!navigation.single) path = `${path}('${key}')`;
    index += navigation.single ? 1 : 2;
    if (index >= segments.length) return entity(reading, navigation, body, path);
    children = navigation.children;
  }
  throw noSegment(segments.at(-1) ?? '');
}

/** A property with a path of its own exists in every object of the type, even if unset. */
function unsetImages(body: JsonObject, withheld: readonly string[]): JsonObject {
  return withheld
    .filter((name) => textOf(body, name) === undefined)
    .map((name) => member(name, 'null'));
}

function navigationOf(
  children: readonly ChildCollection[],
  segment: string,
): ChildCollection | undefined {
  const navigation = children.find(({ name }) => name.toLowerCase() === segment.toLowerCase());
  if (navigation !== undefined && !navigation.routable) {
    throw intuneProblem(400, 'BadRequest', 'No method match route template');
  }
  return navigation;
}

function entryOf(
  reading: Reading,
  navigation: ChildCollection,
  body: JsonObject,
  key: string,
): JsonObject {
  const entry = objectsOf(body, navigation.name).find((each) => stringOf(each, 'id') === key);
  if (entry === undefined) throw notFound(reading.target.type, key);
  return entry;
}

function readList(
  reading: Reading,
  navigation: ChildCollection,
  body: JsonObject,
  path: string,
): GraphAnswer {
  const { call, options, target } = reading;
  const objects = objectsOf(body, navigation.name);
  if (target.rest.at(-1) === '$count') {
    const count = selectObjects(objects, options, asStored).length;
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: String(count) };
  }
  const shape = childShape(navigation);
  const shapeEntry = (entry: JsonObject): JsonObject =>
    shapeObject(entry, shape, viewOf(reading, `${path}('${stringOf(entry, 'id') ?? ''}')`));
  return jsonAnswer(
    listText(objects, {
      call,
      options,
      context: contextMembers(reading, path),
      pageSize: navigation.pageSize,
      topMax: target.type.topMax,
      show: asStored,
      shape: shapeEntry,
    }),
  );
}

/** Entries of child collections are shown as stored. */
function asStored(entry: JsonObject): JsonObject {
  return entry;
}

function readSingle(
  reading: Reading,
  navigation: ChildCollection,
  body: JsonObject,
  path: string,
): GraphAnswer {
  return entity(reading, navigation, singleOf(reading, navigation, body), path);
}

function singleOf(reading: Reading, navigation: ChildCollection, body: JsonObject): JsonObject {
  const text = textOf(body, navigation.name);
  if (text === undefined || !isObjectText(text)) {
    throw notFound(reading.target.type, navigation.name);
  }
  return parseObject(text);
}

function entity(
  reading: Reading,
  navigation: ChildCollection,
  body: JsonObject,
  path: string,
): GraphAnswer {
  const shaped = shapeObject(body, childShape(navigation), viewOf(reading, path));
  return jsonAnswer(objectText([...contextMembers(reading, `${path}/$entity`), ...shaped]));
}
