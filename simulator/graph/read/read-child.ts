import type { ChildCollection } from '../../catalogue/collection-type.ts';
import type { JsonObject } from '../../json/object.ts';
import {
  isObjectText,
  member,
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
  itemAddress,
  jsonAnswer,
  metadataUrl,
  notFound,
  presentedObject,
  viewOf,
} from './reading.ts';

/** Answers a GET below one object: a child collection, an entry of it, or what lies below that. Throws GraphProblem. */
export function readChild(reading: Reading, id: string, segments: readonly string[]): GraphAnswer {
  let body = presentedObject(reading, id);
  let children = reading.target.type.children;
  let address = itemAddress(reading, id);
  let path = `${reading.target.type.path}('${id}')`;
  for (let index = 0; index < segments.length; index += 2) {
    const navigation = navigationOf(children, segments[index] ?? '');
    path = `${path}/${navigation.name}`;
    address = `${address}/${navigation.name}`;
    const key = segments[index + 1];
    if (navigation.single) return readSingle(reading, navigation, body, address, path);
    if (key === undefined || key === '$count') {
      return readList(reading, navigation, body, address, path);
    }
    body = entryOf(reading, navigation, body, key);
    address = `${address}('${key}')`;
    path = `${path}('${key}')`;
    if (index + 2 >= segments.length) return entity(reading, navigation, body, address, path);
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
  address: string,
  path: string,
): GraphAnswer {
  const { call, metadata, options, target } = reading;
  const objects = objectsOf(body, navigation.name);
  if (target.rest.at(-1) === '$count') {
    const count = selectObjects(objects, options).length;
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: String(count) };
  }
  const shape = childShape(navigation);
  const text = listText(objects, {
    call,
    options,
    metadata,
    contextUrl: metadataUrl(reading, path),
    pageSize: navigation.pageSize,
    topMax: target.type.topMax,
    shape: (entry) =>
      shapeObject(
        entry,
        shape,
        viewOf(reading, `${address}('${stringOf(entry, 'id') ?? ''}')`, path),
      ),
  });
  return jsonAnswer(text);
}

function readSingle(
  reading: Reading,
  navigation: ChildCollection,
  body: JsonObject,
  address: string,
  path: string,
): GraphAnswer {
  const text = textOf(body, navigation.name);
  if (text === undefined || !isObjectText(text)) {
    throw notFound(reading.target.type, navigation.name);
  }
  return entity(reading, navigation, parseObject(text), address, path);
}

function entity(
  reading: Reading,
  navigation: ChildCollection,
  body: JsonObject,
  address: string,
  path: string,
): GraphAnswer {
  const context = metadataUrl(reading, `${path}/$entity`);
  return jsonAnswer(
    objectText([
      ...(reading.metadata === 'none' ? [] : [member('@odata.context', JSON.stringify(context))]),
      ...shapeObject(body, childShape(navigation), viewOf(reading, address, path)),
    ]),
  );
}
