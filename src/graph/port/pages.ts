import { arrayElementSlices } from '#domain/json/json-slices.ts';
import { GraphError } from './graph-error.ts';
import type { GraphAnswer, GraphRead, GraphReader } from './graph-reader.ts';
import { memberOf, pageDepthMax, parseAnswer } from './parse-answer.ts';
import { isSameCollection } from './trusted-url.ts';

/** A hundred thousand objects at Intune's smallest page of 25, plus a reserve. */
const pagesMax = 5_000;

export interface GraphPage {
  /** The parsed elements of `value`. */
  readonly elements: readonly unknown[];
  /** The same elements in Graph's own text. */
  readonly slices: readonly string[];
  readonly nextLink: string | null;
  readonly requestId: string | null;
}

export interface PagesOptions extends GraphRead {
  /** The nextLink of an earlier page, to resume there; default: the first page. */
  readonly resumeAt?: string | null;
}

/**
 * Yields the pages of a collection.
 * @param path with its query.
 * @throws GraphError; also for a repeated link and for too many pages, so the loop always ends.
 */
export async function* pages(
  reader: GraphReader,
  path: string,
  options: PagesOptions = {},
): AsyncGenerator<GraphPage, void, void> {
  const visited = new Set<string>();
  let link = options.resumeAt ?? null;
  if (link !== null) assertGoesOn(path, link, null);
  do {
    visited.add(link ?? path);
    const page: GraphPage = parsePage(await reader.get(link ?? path, options));
    link = page.nextLink;
    if (link !== null) {
      assertGoesOn(path, link, page.requestId);
      if (visited.has(link)) throw invalid('page_loop', page.requestId);
      if (visited.size >= pagesMax) throw invalid('too_many_pages', page.requestId);
    }
    yield page;
  } while (link !== null);
}

/** Checks that a link continues the same collection; the reader checks its origin and path. */
function assertGoesOn(path: string, link: string, requestId: string | null): void {
  // A path is always our own: the reader would trust one from an answer as if we had asked for it.
  if (link.startsWith('/') || !isSameCollection(path, link)) {
    throw new GraphError({ kind: 'untrusted_link', code: 'untrusted_link', requestId });
  }
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
