import type { IncomingMessage } from 'node:http';
import { invalidRequest, Problem } from './problem.ts';

/** `application/json` with UTF-8 or no charset. */
const jsonType = /^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i;

export interface BodyKind {
  readonly mediaType: string;
  readonly pattern: RegExp;
  readonly bytesMax: number;
}

export function jsonBody(bytesMax: number): BodyKind {
  return { mediaType: 'application/json', pattern: jsonType, bytesMax };
}

function tooLarge({ bytesMax }: BodyKind): Problem {
  return new Problem('payload_too_large', `A body may have ${bytesMax} bytes at most.`);
}

function refuseByHeaders(request: IncomingMessage, kind: BodyKind): void {
  const { headers } = request;
  // Node accepts any list of codings that ends with chunked, and decodes only the last.
  const coding = headers['transfer-encoding']?.trim().toLowerCase() ?? 'chunked';
  if (headers['content-encoding'] !== undefined || coding !== 'chunked') {
    throw new Problem(
      'unsupported_media_type',
      'A body must be sent as it is, without any encoding.',
    );
  }
  if (!kind.pattern.test(headers['content-type']?.trim() ?? '')) {
    throw new Problem('unsupported_media_type', `A body must be sent as ${kind.mediaType}.`);
  }
  if (Number(headers['content-length'] ?? 0) > kind.bytesMax) throw tooLarge(kind);
}

function hasBody(request: IncomingMessage): boolean {
  if (request.headers['transfer-encoding'] !== undefined) return true;
  return Number(request.headers['content-length'] ?? 0) > 0;
}

/**
 * Reads the body of a request, and no byte beyond the limit.
 * @returns null for a request without a body.
 * @throws Problem 413, 415, or 400 if the client goes away in the middle.
 */
export async function readBody(request: IncomingMessage, kind: BodyKind): Promise<Buffer | null> {
  if (!hasBody(request)) return null;
  refuseByHeaders(request, kind);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // Destroying the stream would cut the connection before the answer is on it.
    const incoming: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
    for await (const chunk of incoming) {
      length += chunk.length;
      if (length > kind.bytesMax) throw tooLarge(kind);
      chunks.push(chunk);
    }
  } catch (error) {
    // Reads and drops the rest, so that the sender gets to the answer; the server's time limit bounds it.
    request.resume();
    if (error instanceof Problem) throw error;
    throw invalidRequest([{ path: 'body', message: 'ended before it was complete' }]);
  }
  return length === 0 ? null : Buffer.concat(chunks);
}
