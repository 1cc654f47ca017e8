import type { Expand } from './expand.ts';
import { parseExpand, parseSelect } from './expand.ts';
import { badRequest } from './problem.ts';

/** The parsed query options of a call. */
export interface QueryOptions {
  readonly select: readonly string[] | null;
  readonly expand: readonly Expand[];
  readonly filter: string | null;
  readonly orderBy: string | null;
  readonly search: string | null;
  readonly top: number | null;
  readonly skip: number;
  readonly count: boolean;
  readonly skipToken: string | null;
  /** The options as sent, to repeat them in the nextLink. */
  readonly sent: readonly (readonly [string, string])[];
}

const names = [
  ...['select', 'expand', 'filter', 'orderby', 'search', 'top', 'skip', 'count', 'skiptoken'],
  'format',
];

/**
 * Parses a query; the dollar signs are optional.
 * @throws GraphProblem for malformed values.
 */
export function readOptions(query: string): QueryOptions {
  const sent = [...new URLSearchParams(query)];
  const values = new Map(sent.map(([name, value]) => [optionName(name), value]));
  return {
    select: parseSelect(values.get('select')),
    expand: parseExpand(values.get('expand') ?? ''),
    filter: values.get('filter') ?? null,
    orderBy: values.get('orderby') ?? null,
    search: values.get('search') ?? null,
    top: wholeNumber(values.get('top'), 'top'),
    skip: wholeNumber(values.get('skip'), 'skip') ?? 0,
    count: values.get('count')?.toLowerCase() === 'true',
    skipToken: values.get('skiptoken') ?? null,
    sent,
  };
}

/** Returns an option's name in lower case without its dollar sign; other parameters stay unchanged. */
export function optionName(name: string): string {
  const bare = name.replace(/^\$/, '').toLowerCase();
  return names.includes(bare) ? bare : name;
}

function wholeNumber(text: string | undefined, name: string): number | null {
  if (text === undefined) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw badRequest(
    `Invalid value '${text}' for $${name} query option found. The $${name} query option requires a non-negative integer value.`,
  );
}
