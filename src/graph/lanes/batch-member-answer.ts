import { GraphError } from '#graph/port/graph-error.ts';
import type { GraphAnswer } from '#graph/port/graph-reader.ts';
import { safeId } from '#graph/port/safe-words.ts';
import { answerError } from '#graph/wire/answer-error.ts';
import { isJsonType } from '#graph/wire/call-graph.ts';
import type { MemberAnswer } from './batch-answer.ts';

/** The ids of a member: its own, and the request-id of the envelope that it came in. */
export interface MemberIds {
  readonly clientRequestId: string;
  readonly envelopeRequestId: string | null;
}

// The constructor of Response refuses a body with these.
const bodylessStatuses: readonly number[] = [204, 205, 304];

/**
 * Takes the answer to a member and returns it as a plain call would have brought it. Throws the GraphError of a
 * plain call.
 */
export async function answerOfMember(member: MemberAnswer, ids: MemberIds): Promise<GraphAnswer> {
  const { status, headers, bodyText } = member;
  const requestId = safeId(headers.get('request-id')) ?? ids.envelopeRequestId;
  if (status >= 300) throw await errorOfMember(member, ids);
  // A body of JSON stands in the envelope as it is, any other one as base64 in a string.
  if (status !== 200 || bodyText === null || !isJsonType(headers.get('content-type') ?? jsonType)) {
    throw new GraphError({
      kind: 'invalid_response',
      code: 'not_json',
      status,
      requestId,
      clientRequestId: ids.clientRequestId,
    });
  }
  return { text: bodyText, bytes: Buffer.from(bodyText, 'utf8'), requestId };
}

// Members may come without headers.
const jsonType = 'application/json';

async function errorOfMember(
  { status, headers, bodyText }: MemberAnswer,
  ids: MemberIds,
): Promise<GraphError> {
  const body = bodylessStatuses.includes(status) ? null : bodyText;
  const error = await answerError(new Response(body, { status, headers }), ids.clientRequestId);
  if (error.requestId !== null) return error;
  const { kind, code, retryAfterSeconds, clientRequestId } = error;
  const requestId = ids.envelopeRequestId;
  return new GraphError({ kind, code, status, retryAfterSeconds, requestId, clientRequestId });
}
