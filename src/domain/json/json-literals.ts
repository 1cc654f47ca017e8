/** A number as its literal in the source, since 1.0 and 2^53+1 do not survive becoming a JavaScript number. */
export class NumberLiteral {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

/** Parsed JSON whose numbers are still as they were written. */
export type Parsed = null | boolean | string | NumberLiteral | Parsed[] | { [key: string]: Parsed };

// The third argument of a reviver is newer than TypeScript's library typing of JSON.parse.
type ReviverWithSource = (key: string, value: unknown, context: { source?: string }) => unknown;

/**
 * Takes JSON of bounded depth (see json-bounds.ts) and returns its value, numbers as literals.
 * Throws a SyntaxError for what is not JSON.
 */
export function parseLiterals(text: string): Parsed {
  const parse = JSON.parse as (text: string, reviver: ReviverWithSource) => unknown;
  return parse(text, (_key, value, context) =>
    typeof value === 'number' ? new NumberLiteral(context.source ?? String(value)) : value,
  ) as Parsed;
}
