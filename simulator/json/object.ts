import { arrayElements, skipSpace, skipString, skipValue } from './scan.ts';

/** One member of a JSON object: its name, the name as it was written (quoted), and the text of its value. */
export interface Member {
  readonly key: string;
  readonly quotedKey: string;
  readonly text: string;
}

/** A JSON object as the ordered list of its members; `__proto__` is a name like any other here. */
export type JsonObject = readonly Member[];

/** The members of the object that `text` is; the text must be valid JSON. */
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

/** A member whose value is given as JSON text. */
export function member(key: string, text: string): Member {
  return { key, quotedKey: JSON.stringify(key), text };
}

/** The members of a plain object of ours; values that JSON does not know are left out. */
export function objectOf(values: Readonly<Record<string, unknown>>): JsonObject {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => member(key, JSON.stringify(value)));
}

/** The text of an object. */
export function objectText(object: JsonObject): string {
  return `{${object.map((entry) => `${entry.quotedKey}:${entry.text}`).join(',')}}`;
}

/** The text of an array whose elements are given as text. */
export function arrayText(elements: readonly string[]): string {
  return `[${elements.join(',')}]`;
}

/** The text of a member's value, or undefined; of repeated names the last one counts, as JSON.parse has it. */
export function textOf(object: JsonObject, key: string): string | undefined {
  return object.findLast((entry) => entry.key === key)?.text;
}

/** A member's value, parsed (numbers lose what JavaScript cannot hold), or undefined. */
export function valueOf(object: JsonObject, key: string): unknown {
  const text = textOf(object, key);
  return text === undefined ? undefined : JSON.parse(text);
}

/** A member's value if it is a string. */
export function stringOf(object: JsonObject, key: string): string | undefined {
  const value = valueOf(object, key);
  return typeof value === 'string' ? value : undefined;
}

/** The objects in a member that is an array of objects; anything else in it is left out. */
export function objectsOf(object: JsonObject, key: string): JsonObject[] {
  return elementsOf(object, key).filter(isObjectText).map(parseObject);
}

/** The texts of the elements of a member that is an array; empty when it is not one. */
export function elementsOf(object: JsonObject, key: string): string[] {
  const text = textOf(object, key);
  return text !== undefined && isArrayText(text) ? arrayElements(text) : [];
}

/** The same object with one member set: in its place if it was there, at the end if not. */
export function withMember(object: JsonObject, key: string, text: string): JsonObject {
  const at = object.findLastIndex((entry) => entry.key === key);
  return at === -1 ? [...object, member(key, text)] : object.with(at, member(key, text));
}

/** The same object without the members of these names. */
export function withoutMembers(object: JsonObject, keys: readonly string[]): JsonObject {
  return object.filter((entry) => !keys.includes(entry.key));
}

/** The first object with the members of the second set in it. */
export function mergeObjects(object: JsonObject, changes: JsonObject): JsonObject {
  return changes.reduce((merged, change) => withMember(merged, change.key, change.text), object);
}

/** Whether the text is that of an object. */
export function isObjectText(text: string): boolean {
  return text[skipSpace(text, 0)] === '{';
}

/** Whether the text is that of an array. */
export function isArrayText(text: string): boolean {
  return text[skipSpace(text, 0)] === '[';
}

/** The same object with each object in an array member changed; other elements stay as they are. */
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

/** The same object with a member that is an object changed. */
export function mapObject(
  object: JsonObject,
  key: string,
  change: (entry: JsonObject) => JsonObject,
): JsonObject {
  const text = textOf(object, key);
  if (text === undefined || !isObjectText(text)) return object;
  return withMember(object, key, objectText(change(parseObject(text))));
}
