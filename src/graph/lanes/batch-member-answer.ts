import { GraphError } from '#graph/port/graph-error.ts';
import type { GraphAnswer } from '#graph/port/graph-reader.ts';
import { safeId } from '#graph/port/safe-codes.ts';
import { answerError } from '#graph/wire/answer-error.ts';
import { isJsonType } from '#graph/wire/call-graph.ts';
import type { MemberAnswer } from './batch-answer.ts';

/** The member's own id, and the request-id of its envelope. */
export interface MemberIds {
  readonly clientRequestId: string;
  readonly envelopeRequestId: string | null;
}

// The constructor of Response refuses a body with these statuses.
const bodylessStatuses: readonly number[] = [204, 205, 304];

/** Returns the answer to a member in the form of a plain call's answer. @throws GraphError like the plain call. */
export async function answerOfMember(member: MemberAnswer, ids: MemberIds): Promise<GraphAnswer> {
  const { status, headers, bodyText } = member;
  const requestId = safeId(headers.get('request-id')) ?? ids.envelopeRequestId;
  if (status >= 300) throw await errorOfMember(member, ids);
  // The envelope holds a JSON body as it is, any other body as base64 in a string.
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

// Default for members without headers.
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
