import { arrayElementSlices, memberSlice } from '#domain/json/json-slices.ts';
import { GraphError } from '#graph/port/graph-error.ts';
import type { GraphAnswer } from '#graph/port/graph-reader.ts';
import { isJsonObject, memberOf, pageDepthMax, parseAnswer } from '#graph/port/parse-answer.ts';

/** The answer to one member of a batch. */
export interface MemberAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The body in Graph's own text; null for none. */
  readonly bodyText: string | null;
}

/** Defects of a batch answer: Graph left the member out, answered it twice, or wrote a malformed answer. */
export type MemberFlaw = 'batch_member_missing' | 'batch_member_doubled' | 'batch_member_malformed';

// A member's body lies three levels deep: in the envelope, its list and the member.
const envelopeDepthMax = pageDepthMax + 3;

/**
 * Splits the answer to a batch by member id; ignores unknown ids.
 * @throws GraphError if the text is no batch answer at all.
 */
export function parseBatchAnswer(
  answer: GraphAnswer,
  ids: readonly string[],
): ReadonlyMap<string, MemberAnswer | MemberFlaw> {
  const elements = memberOf(parseAnswer(answer, envelopeDepthMax), 'responses');
  const slices = arrayElementSlices(answer.text, 'responses');
  if (!Array.isArray(elements) || slices === null) {
    throw new GraphError({
      kind: 'invalid_response',
      code: 'no_responses',
      status: 200,
      requestId: answer.requestId,
    });
  }
  const outcomes = new Map<string, MemberAnswer | MemberFlaw>();
  for (const id of ids) outcomes.set(id, 'batch_member_missing');
  for (const [index, element] of elements.entries()) {
    const id: unknown = isJsonObject(element) ? memberOf(element, 'id') : null;
    if (typeof id !== 'string' || !outcomes.has(id)) continue;
    const first = outcomes.get(id) === 'batch_member_missing';
    outcomes.set(id, first ? memberAnswer(element, slices[index] ?? '') : 'batch_member_doubled');
  }
  return outcomes;
}

function memberAnswer(element: unknown, slice: string): MemberAnswer | MemberFlaw {
  const status = isJsonObject(element) ? memberOf(element, 'status') : null;
  if (!isJsonObject(element) || typeof status !== 'number' || !isAnswerStatus(status)) {
    return 'batch_member_malformed';
  }
  const bodyText = memberSlice(slice, 'body');
  return {
    status,
    headers: headersOf(memberOf(element, 'headers')),
    bodyText: bodyText === 'null' ? null : bodyText,
  };
}

function isAnswerStatus(status: number): boolean {
  return Number.isInteger(status) && status >= 200 && status <= 599;
}

function headersOf(value: unknown): Headers {
  const headers = new Headers();
  if (!isJsonObject(value)) return headers;
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== 'string' && typeof text !== 'number') continue;
    try {
      headers.append(name, String(text));
    } catch {
      // The name or text is no valid HTTP header, so it is none of the headers we read.
    }
  }
  return headers;
}
