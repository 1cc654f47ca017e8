import { NumberLiteral, type Parsed } from './json-literals.ts';

/**
 * The text of a parsed value without blanks, numbers in Graph's spelling. The depth of the value is bounded (see
 * json-bounds.ts). Members come in the order of `keysOf`, by default in the order of reading.
 */
export function jsonText(
  value: Parsed,
  keysOf: (object: object) => readonly string[] = Object.keys,
): string {
  if (value instanceof NumberLiteral) return value.source;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((each) => jsonText(each, keysOf)).join(',')}]`;
  const members = keysOf(value).map((key) => {
    // `__proto__` is an ordinary key here and must be read as one.
    const member = Object.getOwnPropertyDescriptor(value, key)?.value as Parsed;
    return `${JSON.stringify(key)}:${jsonText(member, keysOf)}`;
  });
  return `{${members.join(',')}}`;
}
