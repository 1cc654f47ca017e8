import { type Client, ResponseType } from '@microsoft/microsoft-graph-client';
import { GraphError } from '#graph/port/graph-error.ts';
import type { GraphAnswer } from '#graph/port/graph-reader.ts';
import { decodeUtf8, readBody } from '#graph/port/read-body.ts';
import { safeId } from '#graph/port/safe-codes.ts';
import { callSignals, wireFailure } from '#graph/port/wire-failure.ts';
import { answerError } from './answer-error.ts';
import { CallState } from './call-state.ts';

export interface CallLimits {
  /** Time limit of one call, body included, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** Largest accepted answer in bytes, after decompression. */
  readonly responseBytesMax: number;
}

export interface GraphCall {
  /** Absolute and checked. */
  readonly url: string;
  /** The JSON text of a batch, sent by POST; null for a plain GET. */
  readonly envelope: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly clientRequestId: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * Sends exactly one request (two if Graph refused its token with 401) and returns its answer.
 * @throws GraphError, or the reason of the caller's signal.
 */
export async function callGraph(
  client: Client,
  { url, envelope, headers, clientRequestId, signal }: GraphCall,
  limits: CallLimits,
): Promise<GraphAnswer> {
  signal?.throwIfAborted();
  const signals = callSignals(signal, limits.requestTimeoutMs);
  const state = new CallState(url, signals.either);
  const request = client
    .api('/')
    .middlewareOptions([state])
    .headers({ ...headers, 'client-request-id': clientRequestId })
    .responseType(ResponseType.RAW);
  try {
    const sent = envelope === null ? request.get() : request.post(envelope);
    const response = (await sent) as Response;
    if (!response.ok) throw await answerError(response, clientRequestId);
    return await readAnswer(response, limits.responseBytesMax, clientRequestId);
  } catch (error) {
    throw wireFailure(state.failure ?? error, signals, clientRequestId);
  }
}

async function readAnswer(
  response: Response,
  bytesMax: number,
  clientRequestId: string,
): Promise<GraphAnswer> {
  const requestId = safeId(response.headers.get('request-id'));
  if (response.status !== 200 || !isJsonType(response.headers.get('content-type') ?? '')) {
    await response.body?.cancel();
    throw new GraphError({
      kind: 'invalid_response',
      code: 'not_json',
      status: response.status,
      requestId,
      clientRequestId,
    });
  }
  const bytes = await readBody(response, bytesMax);
  return { text: decodeUtf8(bytes), bytes, requestId };
}

export function isJsonType(contentType: string): boolean {
  return /^application\/([\w.-]+\+)?json\b/i.test(contentType);
}
