import { NumberLiteral, type Parsed, parseLiterals } from './json-literals.ts';

/**
 * The canonical form of a JSON text: members sorted by key (code units), no white space, strings in their shortest
 * spelling, numbers as they were written. Two texts that say the same have the same form.
 * Takes JSON of bounded depth (see json-slices.ts). Throws a SyntaxError for what is not JSON.
 */
export function canonicalForm(text: string): string {
  return write(parseLiterals(text));
}

function write(value: Parsed): string {
  if (value instanceof NumberLiteral) return value.source;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  const members = Object.keys(value)
    .sort()
    .map(
      (key) =>
        `${JSON.stringify(key)}:${write(Object.getOwnPropertyDescriptor(value, key)?.value)}`,
    );
  return `{${members.join(',')}}`;
}
