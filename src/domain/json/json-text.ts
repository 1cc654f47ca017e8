import { NumberLiteral, type Parsed } from './json-literals.ts';

/**
 * Takes a parsed value of bounded depth (see json-bounds.ts) and returns its text without blanks, numbers as they were
 * written. Members come as `keysOf` gives their keys, by default in the order in which they were read.
 */
export function jsonText(
  value: Parsed,
  keysOf: (object: object) => readonly string[] = Object.keys,
): string {
  if (value instanceof NumberLiteral) return value.source;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((each) => jsonText(each, keysOf)).join(',')}]`;
  const members = keysOf(value).map((key) => {
    // `__proto__` is a key like any other here, and read as one.
    const member = Object.getOwnPropertyDescriptor(value, key)?.value as Parsed;
    return `${JSON.stringify(key)}:${jsonText(member, keysOf)}`;
  });
  return `{${members.join(',')}}`;
}
