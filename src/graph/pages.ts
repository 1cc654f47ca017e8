import { arrayElementSlices } from '../domain/json-slices.ts';
import { GraphError } from './graph-error.ts';
import type { GraphAnswer, GraphRead, GraphReader } from './graph-reader.ts';
import { memberOf, pageDepthMax, parseAnswer } from './parse-answer.ts';
import { isSameCollection } from './trusted-url.ts';

/** A hundred thousand objects at Intune's smallest page of 25, and some more. */
const pagesMax = 5_000;

export interface GraphPage {
  /** The elements of `value`, parsed. */
  readonly elements: readonly unknown[];
  /** The same elements in Graph's own text. */
  readonly slices: readonly string[];
  readonly nextLink: string | null;
  readonly requestId: string | null;
}

/**
 * Takes a reader and where a collection starts (a path, or a nextLink to go on from), and yields its pages. Ends
 * for certain: a repeated link and too many pages are errors. Throws GraphError.
 */
export async function* pages(
  reader: GraphReader,
  start: string,
  options: GraphRead = {},
): AsyncGenerator<GraphPage, void, void> {
  const visited = new Set<string>([start]);
  let at: string | null = start;
  while (at !== null) {
    const page: GraphPage = parsePage(await reader.get(at, options));
    if (page.nextLink !== null) assertGoesOn(page, start, visited);
    yield page;
    at = page.nextLink;
  }
}

function assertGoesOn(page: GraphPage, start: string, visited: Set<string>): void {
  const link = page.nextLink ?? '';
  // A path is ours alone: taken from an answer it would pass for one that we asked for.
  if (link.startsWith('/') || !isSameCollection(start, link)) {
    throw new GraphError({
      kind: 'untrusted_link',
      code: 'untrusted_link',
      requestId: page.requestId,
    });
  }
  if (visited.has(link)) throw invalid('page_loop', page.requestId);
  if (visited.size >= pagesMax) throw invalid('too_many_pages', page.requestId);
  visited.add(link);
}

function parsePage(answer: GraphAnswer): GraphPage {
  const body = parseAnswer(answer, pageDepthMax);
  const elements = memberOf(body, 'value');
  const slices = arrayElementSlices(answer.text, 'value');
  if (!Array.isArray(elements) || slices === null) throw invalid('no_value', answer.requestId);
  return {
    elements,
    slices,
    nextLink: nextLinkOf(memberOf(body, '@odata.nextLink'), answer.requestId),
    requestId: answer.requestId,
  };
}

function nextLinkOf(link: unknown, requestId: string | null): string | null {
  if (link === undefined || link === null) return null;
  if (typeof link !== 'string' || link === '') throw invalid('bad_next_link', requestId);
  return link;
}

function invalid(code: string, requestId: string | null): GraphError {
  return new GraphError({ kind: 'invalid_response', code, status: 200, requestId });
}
