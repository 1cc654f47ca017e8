import { GraphError } from './graph-error.ts';

/**
 * Reads the body of an answer, at most `bytesMax` bytes after decompression.
 * @throws GraphError too_large beyond them, without reading on; the stream's error if it breaks.
 */
export async function readBody(response: Response, bytesMax: number): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early cancels the stream, and with it the connection.
  for await (const chunk of response.body) {
    length += chunk.length;
    if (length > bytesMax) {
      throw new GraphError({
        kind: 'too_large',
        code: 'body_too_large',
        status: response.status,
        requestId: response.headers.get('request-id'),
      });
    }
    chunks.push(chunk);
  }
  return concatenate(chunks, length);
}

function concatenate(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Decodes strict UTF-8. @throws GraphError for invalid bytes. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new GraphError({ kind: 'invalid_response', code: 'not_utf8' });
  }
}
