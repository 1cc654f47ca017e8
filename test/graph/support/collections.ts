import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from './fake-graph.ts';

/**
 * Serves objects and collections given as JSON texts, by path without version and query. Collections come in pages of
 * `pageSize` elements, with links as opaque as Graph's.
 */
export function serveTexts(
  objects: Readonly<Record<string, string>>,
  collections: Readonly<Record<string, readonly string[]>>,
  pageSize = 2,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const url = new URL(request.url ?? '', `http://${request.headers.host ?? ''}`);
    const path = decodeURIComponent(url.pathname.replace('/beta', ''));
    const object = objects[path];
    if (object !== undefined) return json(response, 200, object);
    const elements = collections[path];
    if (!elements) return json(response, 404, { error: { code: 'ResourceNotFound' } });
    const start = Number(url.searchParams.get('$skiptoken') ?? 0);
    const end = start + pageSize;
    const next = `${url.origin}${url.pathname}?$skiptoken=${end}`;
    const link = end < elements.length ? `,"@odata.nextLink":"${next}"` : '';
    json(response, 200, `{"value" : [ ${elements.slice(start, end).join(' ,\n')} ]${link}}`);
  };
}
