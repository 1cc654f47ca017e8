/** A number as its literal in the source, since 1.0 and 2^53+1 do not survive becoming a JavaScript number. */
class NumberLiteral {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

type Parsed = null | boolean | string | NumberLiteral | Parsed[] | { [key: string]: Parsed };

// The third argument of a reviver is newer than TypeScript's library typing of JSON.parse.
type ReviverWithSource = (key: string, value: unknown, context: { source?: string }) => unknown;
const parseWithSource = JSON.parse as (text: string, reviver: ReviverWithSource) => unknown;

/**
 * The canonical form of a JSON text: members sorted by key (code units), no white space, strings in their shortest
 * spelling, numbers as they were written. Two texts that say the same have the same form.
 * Takes JSON of bounded depth (see json-slices.ts). Throws a SyntaxError for what is not JSON.
 */
export function canonicalForm(text: string): string {
  const parsed = parseWithSource(text, (_key, value, context) =>
    typeof value === 'number' ? new NumberLiteral(context.source ?? String(value)) : value,
  );
  return write(parsed as Parsed);
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
