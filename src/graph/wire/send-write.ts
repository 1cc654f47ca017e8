import { randomUUID } from 'node:crypto';
import { type Client, type GraphRequest, ResponseType } from '@microsoft/microsoft-graph-client';
import { jsonDepthMax } from '#domain/json/json-bounds.ts';
import { factsOf, GraphError } from '#graph/port/graph-error.ts';
import type { GraphWriteAnswer, GraphWriteRequest } from '#graph/port/graph-writer.ts';
import { type JsonObject, parseAnswer } from '#graph/port/parse-answer.ts';
import { decodeUtf8, readBody } from '#graph/port/read-body.ts';
import { safeId } from '#graph/port/safe-codes.ts';
import { callSignals, wireFailure } from '#graph/port/wire-failure.ts';
import { answerError } from './answer-error.ts';
import type { CallLimits } from './call-graph.ts';
import { CallState } from './call-state.ts';

const writeHeaders = {
  Accept: 'application/json;odata.metadata=minimal',
  Prefer: 'include-unknown-enum-members',
};

/**
 * Sends exactly one write (two if Graph refused its token with 401) and returns its answer.
 * @param client its middleware chain ends with a WriteGuard and the wire.
 * @param url checked.
 * @throws GraphError, or the reason of the caller's signal.
 */
export async function sendWrite(
  client: Client,
  url: string,
  write: GraphWriteRequest,
  limits: CallLimits,
): Promise<GraphWriteAnswer> {
  write.signal?.throwIfAborted();
  const clientRequestId = randomUUID();
  const signals = callSignals(write.signal, limits.requestTimeoutMs);
  const state = new CallState(url, signals.either, write.notAfterMs);
  const request = client
    .api('/')
    .middlewareOptions([state])
    .headers({ ...writeHeaders, 'client-request-id': clientRequestId })
    .responseType(ResponseType.RAW);
  try {
    const response = (await send(request, write)) as Response;
    if (!response.ok) throw writeError(await answerError(response, clientRequestId));
    return {
      status: response.status,
      object: await objectOf(response, limits.responseBytesMax),
      requestId: safeId(response.headers.get('request-id')),
    };
  } catch (error) {
    const failure = wireFailure(state.failure ?? error, signals, clientRequestId);
    throw state.sent || !(failure instanceof GraphError) ? failure : notSent(failure);
  }
}

function send(request: GraphRequest, { method, body }: GraphWriteRequest): Promise<unknown> {
  // The SDK would send null as a body; an empty text sends none.
  const content = body ?? '';
  switch (method) {
    case 'POST':
      return request.post(content);
    case 'PATCH':
      return request.patch(content);
    case 'PUT':
      return request.put(content);
    case 'DELETE':
      return request.delete();
  }
}

/** An unreadable object is null and no error: the write succeeded all the same. */
async function objectOf(response: Response, bytesMax: number): Promise<JsonObject | null> {
  try {
    const bytes = await readBody(response, bytesMax);
    return parseAnswer({ text: decodeUtf8(bytes), bytes, requestId: null }, jsonDepthMax);
  } catch {
    return null;
  }
}

/** An unfollowed redirect is a permanent failure of a read, but leaves the outcome of a write open. */
function writeError(error: GraphError): GraphError {
  const isOpen = error.kind === 'untrusted_link';
  return isOpen ? new GraphError({ ...factsOf(error), kind: 'invalid_response' }) : error;
}

function notSent(error: GraphError): GraphError {
  return new GraphError({ ...factsOf(error), notSent: true });
}
