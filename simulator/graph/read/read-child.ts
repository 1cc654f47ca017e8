import type { ChildCollection } from '../../catalogue/collection-type.ts';
import type { JsonObject } from '../../json/object.ts';
import {
  isObjectText,
  objectText,
  objectsOf,
  parseObject,
  stringOf,
  textOf,
} from '../../json/object.ts';
import type { GraphAnswer } from '../call.ts';
import { listText, selectObjects } from '../list.ts';
import { intuneProblem, noSegment } from '../problem.ts';
import { childShape, shapeObject } from '../shape.ts';
import type { Reading } from './reading.ts';
import {
  contextMembers,
  itemPath,
  jsonAnswer,
  notFound,
  presentedObject,
  viewOf,
} from './reading.ts';

/** Answers a GET below one object: a child collection, an entry of it, or what lies below that. Throws GraphProblem. */
export function readChild(reading: Reading, id: string, segments: readonly string[]): GraphAnswer {
  let body = presentedObject(reading, id);
  let children = reading.target.type.children;
  let path = itemPath(reading, id);
  for (let index = 0; index < segments.length; index += 2) {
    const navigation = navigationOf(children, segments[index] ?? '');
    path = `${path}/${navigation.name}`;
    const key = segments[index + 1];
    if (navigation.single) return readSingle(reading, navigation, body, path);
    if (key === undefined || key === '$count') return readList(reading, navigation, body, path);
    body = entryOf(reading, navigation, body, key);
    path = `${path}('${key}')`;
    if (index + 2 >= segments.length) return entity(reading, navigation, body, path);
    children = navigation.children;
  }
  throw noSegment(segments.at(-1) ?? '');
}

function navigationOf(children: readonly ChildCollection[], segment: string): ChildCollection {
  const navigation = children.find(({ name }) => name.toLowerCase() === segment.toLowerCase());
  if (navigation === undefined) throw noSegment(segment);
  if (!navigation.routable) {
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

/** Entries of child collections are shown as they are stored. */
function asStored(entry: JsonObject): JsonObject {
  return entry;
}

function readSingle(
  reading: Reading,
  navigation: ChildCollection,
  body: JsonObject,
  path: string,
): GraphAnswer {
  const text = textOf(body, navigation.name);
  if (text === undefined || !isObjectText(text)) {
    throw notFound(reading.target.type, navigation.name);
  }
  return entity(reading, navigation, parseObject(text), path);
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
