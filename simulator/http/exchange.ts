import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** One HTTP request, its address taken apart, and the response that belongs to it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  /** Scheme and host as the client wrote them, for the absolute addresses in answers. */
  readonly baseUrl: string;
  /** The path as sent, still percent-encoded. */
  readonly path: string;
  /** The query as sent, without the question mark. */
  readonly query: string;
  /** The whole body; read once, remembered. */
  readonly body: () => Promise<Uint8Array>;
}

/** Takes a request apart. A TLS proxy in front says so by X-Forwarded-Proto. */
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

/** A request header's only or first value, or undefined. */
export function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
