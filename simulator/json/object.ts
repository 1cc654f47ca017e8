import { arrayElements, skipSpace, skipString, skipValue } from './scan.ts';

/** One member of a JSON object: its name, its name as written (quoted), and its value's text. */
export interface Member {
  readonly key: string;
  readonly quotedKey: string;
  readonly text: string;
}

/** A JSON object as an ordered list of members; `__proto__` is a name like any other. */
export type JsonObject = readonly Member[];

/** Parses the members of an object; `text` must be valid JSON. */
export function parseObject(text: string): JsonObject {
  const members: Member[] = [];
  let index = skipSpace(text, skipSpace(text, 0) + 1);
  while (text[index] === '"') {
    const keyEnd = skipString(text, index);
    const quotedKey = text.slice(index, keyEnd);
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = skipValue(text, start);
    members.push({ key: unquote(quotedKey), quotedKey, text: text.slice(start, end) });
    index = skipSpace(text, end);
    if (text[index] === ',') index = skipSpace(text, index + 1);
  }
  return members;
}

function unquote(quotedKey: string): string {
  return quotedKey.includes('\\') ? String(JSON.parse(quotedKey)) : quotedKey.slice(1, -1);
}

/** Creates a member from its value's JSON text. */
export function member(key: string, text: string): Member {
  return { key, quotedKey: JSON.stringify(key), text };
}

/** Converts a plain object; omits values unknown to JSON. */
export function objectOf(values: Readonly<Record<string, unknown>>): JsonObject {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => member(key, JSON.stringify(value)));
}

export function objectText(object: JsonObject): string {
  return `{${object.map((entry) => `${entry.quotedKey}:${entry.text}`).join(',')}}`;
}

/** Joins the JSON texts of elements to an array. */
export function arrayText(elements: readonly string[]): string {
  return `[${elements.join(',')}]`;
}

/** Returns the text of a member's value, or undefined. Like JSON.parse it takes the last of repeated names. */
export function textOf(object: JsonObject, key: string): string | undefined {
  return object.findLast((entry) => entry.key === key)?.text;
}

/** Returns a member's parsed value, or undefined. Large numbers lose precision. */
export function valueOf(object: JsonObject, key: string): unknown {
  const text = textOf(object, key);
  return text === undefined ? undefined : JSON.parse(text);
}

/** Returns a member's value if it is a string. */
export function stringOf(object: JsonObject, key: string): string | undefined {
  const value = valueOf(object, key);
  return typeof value === 'string' ? value : undefined;
}

/** Returns the objects in an array member; omits other elements. */
export function objectsOf(object: JsonObject, key: string): JsonObject[] {
  return elementsOf(object, key).filter(isObjectText).map(parseObject);
}

/** Returns the texts of an array member's elements; empty for any other value. */
export function elementsOf(object: JsonObject, key: string): string[] {
  const text = textOf(object, key);
  return text !== undefined && isArrayText(text) ? arrayElements(text) : [];
}

/** Sets one member: in place if it exists, else at the end. */
export function withMember(object: JsonObject, key: string, text: string): JsonObject {
  const at = object.findLastIndex((entry) => entry.key === key);
  return at === -1 ? [...object, member(key, text)] : object.with(at, member(key, text));
}

export function withoutMembers(object: JsonObject, keys: readonly string[]): JsonObject {
  return object.filter((entry) => !keys.includes(entry.key));
}

/** Sets all members of `changes` in the object. */
export function mergeObjects(object: JsonObject, changes: JsonObject): JsonObject {
  return changes.reduce((merged, change) => withMember(merged, change.key, change.text), object);
}

export function isObjectText(text: string): boolean {
  return text[skipSpace(text, 0)] === '{';
}

export function isArrayText(text: string): boolean {
  return text[skipSpace(text, 0)] === '[';
}

/** Changes each object in an array member; other elements stay. */
export function mapObjects(
  object: JsonObject,
  key: string,
  change: (entry: JsonObject) => JsonObject,
): JsonObject {
  const text = textOf(object, key);
  if (text === undefined || !isArrayText(text)) return object;
  const changed = arrayElements(text).map((element) =>
    isObjectText(element) ? objectText(change(parseObject(element))) : element,
  );
  return withMember(object, key, arrayText(changed));
}

/** Changes a member if it is an object. */
export function mapObject(
  object: JsonObject,
  key: string,
  change: (entry: JsonObject) => JsonObject,
): JsonObject {
  const text = textOf(object, key);
  if (text === undefined || !isObjectText(text)) return object;
  return withMember(object, key, objectText(change(parseObject(text))));
}
