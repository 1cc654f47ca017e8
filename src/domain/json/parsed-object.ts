import { NumberLiteral, type Parsed } from './json-literals.ts';

/** A JSON object with numbers in Graph's spelling. */
export interface ParsedObject {
  [key: string]: Parsed;
}

/** True for a JSON object; false for an array or a scalar. */
export function isParsedObject(value: Parsed | undefined): value is ParsedObject {
  const container = typeof value === 'object' && value !== null && !Array.isArray(value);
  return container && !(value instanceof NumberLiteral);
}

/** The member of an object, or undefined; inherited names are no members. */
export function ownMember(object: ParsedObject, key: string): Parsed | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The member of an object if it is a non-empty string, else null. */
export function ownText(object: ParsedObject, key: string): string | null {
  const value = ownMember(object, key);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A copy that shares no object or array with the value. The depth of the value is bounded. */
export function copyOf<Value extends Parsed>(value: Value): Value;
export function copyOf(value: Parsed): Parsed {
  if (Array.isArray(value)) return value.map((element) => copyOf(element));
  if (!isParsedObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copyOf(member)]));
}

/** An object without some of its members. */
export function withoutKeys(object: ParsedObject, drops: (key: string) => boolean): ParsedObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !drops(key)));
}

/** A copy in which `change` has replaced every value at the path; the path omits steps into elements. */
export function mapAt(
  value: Parsed,
  path: readonly string[],
  change: (found: Parsed) => Parsed,
): Parsed {
  if (Array.isArray(value)) return value.map((element) => mapAt(element, path, change));
  const [name, ...rest] = path;
  if (name === undefined) return change(value);
  if (!isParsedObject(value) || !Object.hasOwn(value, name)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === name ? mapAt(member, rest, change) : member,
    ]),
  );
}
