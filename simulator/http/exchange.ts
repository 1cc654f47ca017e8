import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** One HTTP request with its parsed address, and its response. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  /** Scheme and host from the client's request, for absolute URLs in answers. */
  readonly baseUrl: string;
  /** The path as sent, percent-encoded. */
  readonly path: string;
  /** The query as sent, without its question mark. */
  readonly query: string;
  /** The whole body; read once, then cached. */
  readonly body: () => Promise<Uint8Array>;
}

/** Parses a request's address. A TLS proxy sets X-Forwarded-Proto. */
export function openExchange(request: IncomingMessage, response: ServerResponse): Exchange {
  const [path = '/', query = ''] = splitOnce(request.url ?? '/', '?');
  const scheme = headerOf(request, 'x-forwarded-proto') === 'https' ? 'https' : 'http';
  let body: Promise<Uint8Array> | null = null;
  return {
    request,
    response,
    method: request.method ?? 'GET',
    baseUrl: `${scheme}://${request.headers.host ?? 'localhost'}`,
    path,
    query,
    body: () => (body ??= buffer(request)),
  };
}

/** Returns a header's first value, or undefined. */
export function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
