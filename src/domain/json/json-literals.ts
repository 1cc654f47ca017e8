/** A number as its literal in the source, because 1.0 and 2^53+1 do not survive as JavaScript numbers. */
export class NumberLiteral {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

/** Parsed JSON with numbers in Graph's spelling. */
export type Parsed = null | boolean | string | NumberLiteral | Parsed[] | { [key: string]: Parsed };

// The third argument of a reviver is newer than TypeScript's library typing of JSON.parse.
type ReviverWithSource = (key: string, value: unknown, context: { source?: string }) => unknown;

/**
 * Parses JSON and keeps numbers as literals. The depth of the text is bounded (see json-bounds.ts).
 * @throws SyntaxError if the text is not JSON
 */
export function parseLiterals(text: string): Parsed {
  const parse = JSON.parse as (text: string, reviver: ReviverWithSource) => unknown;
  return parse(text, (_key, value, context) =>
    typeof value === 'number' ? new NumberLiteral(context.source ?? String(value)) : value,
  ) as Parsed;
}
