import { randomUUID } from 'node:crypto';
import type { Client } from '@microsoft/microsoft-graph-client';
import { GraphError, type GraphErrorKind } from '#graph/port/graph-error.ts';
import type { GraphAnswer } from '#graph/port/graph-reader.ts';
import type { TrustedBase } from '#graph/port/trusted-url.ts';
import { batchUrl, envelopeText } from '#graph/wire/batch-envelope.ts';
import { callGraph, type CallLimits } from '#graph/wire/call-graph.ts';
import { abortOfAll } from './batch-abort.ts';
import { parseBatchAnswer, type MemberAnswer, type MemberFlaw } from './batch-answer.ts';
import { answerOfMember, type MemberIds } from './batch-member-answer.ts';
import type { PendingRead, ReadOutcome } from './batch-read.ts';

/** Sends one to twenty reads in one call and returns their outcomes in order. Never rejects. */
export type SendReads = (reads: readonly PendingRead[]) => Promise<readonly ReadOutcome[]>;

export function createSender(client: Client, base: TrustedBase, limits: CallLimits): SendReads {
  return async (reads) => {
    const [first, ...others] = reads;
    if (first === undefined) return [];
    return others.length === 0
      ? [await sendPlain(client, first, limits)]
      : await sendEnvelope(client, base, reads, limits);
  };
}

async function sendPlain(
  client: Client,
  read: PendingRead,
  limits: CallLimits,
): Promise<ReadOutcome> {
  try {
    return { answer: await callGraph(client, { ...read, envelope: null }, limits) };
  } catch (error) {
    return { error };
  }
}

async function sendEnvelope(
  client: Client,
  base: TrustedBase,
  reads: readonly PendingRead[],
  limits: CallLimits,
): Promise<readonly ReadOutcome[]> {
  const ids = reads.map((_, index) => String(index + 1));
  const members = reads.map(({ url, headers, clientRequestId }, index) => ({
    id: ids[index] ?? '',
    url,
    headers: { ...headers, 'client-request-id': clientRequestId },
  }));
  const abort = abortOfAll(reads.map(({ signal }) => signal));
  const call = {
    url: batchUrl(base),
    envelope: envelopeText(base, members),
    headers: { Accept: 'application/json' },
    clientRequestId: randomUUID(),
    signal: abort.signal,
  };
  try {
    const answer = await callGraph(client, call, limits);
    const found = parseBatchAnswer(answer, ids);
    return await Promise.all(
      reads.map((read, index) => outcomeOf(answer, read, found.get(ids[index] ?? ''))),
    );
  } catch (error) {
    const alone = error instanceof GraphError && aloneKinds.has(error.kind);
    return reads.map(() => (alone ? { alone } : { error }));
  } finally {
    abort.dispose();
  }
}

async function outcomeOf(
  envelope: GraphAnswer,
  { clientRequestId }: PendingRead,
  found: MemberAnswer | MemberFlaw | undefined,
): Promise<ReadOutcome> {
  const ids: MemberIds = { clientRequestId, envelopeRequestId: envelope.requestId };
  if (found === undefined || typeof found === 'string') {
    return { error: flawedAnswer(found ?? 'batch_member_missing', ids) };
  }
  // Only a plain call retries with a fresh token.
  if (found.status === 401) return { alone: true };
  try {
    return { answer: await answerOfMember(found, ids) };
  } catch (error) {
    return { error };
  }
}

function flawedAnswer(code: MemberFlaw, ids: MemberIds): GraphError {
  return new GraphError({
    kind: 'invalid_response',
    code,
    status: 200,
    requestId: ids.envelopeRequestId,
    clientRequestId: ids.clientRequestId,
  });
}

// Graph refused the envelope itself, or all its members were too large together; sent alone, each read gets its own
// answer.
const aloneKinds: ReadonlySet<GraphErrorKind> = new Set(['bad_request', 'not_found', 'too_large']);
