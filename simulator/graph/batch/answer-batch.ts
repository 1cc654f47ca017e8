import type { LogRow } from '../../control/request-log.ts';
import { arrayText, member, objectText } from '../../json/object.ts';
import type { GraphAnswer, GraphCall } from '../call.ts';
import type { Gate, Outcome } from '../gate.ts';
import { idsOf, passGate, refusal } from '../gate.ts';
import { GraphProblem } from '../problem.ts';
import type { BatchMember } from './batch-member.ts';
import { readBatch } from './batch-member.ts';

const failedDependencyStatus = 424;
const firstErrorStatus = 400;

/**
 * Answers a `$batch` with 200 for any outcome of its members. Each member is logged, counted and gets faults by
 * itself. A fault with a cut connection cuts the whole answer, after all other members were carried out.
 * @throws GraphProblem (400) for a malformed batch.
 */
export async function answerBatch(gate: Gate, envelope: GraphCall, row: LogRow): Promise<Outcome> {
  if (envelope.method !== 'POST') {
    throw new GraphProblem(405, 'Request_BadRequest', 'A batch must be sent by POST.');
  }
  const members = readBatch(envelope.body ?? '');
  // Log all rows first: the members arrived together.
  const rows = members.map((each) => arrive(gate, envelope, each, row.seq));
  const outcomes = new Map<string, Promise<Outcome>>();
  for (const [index, each] of inOrderOfDependence(members)) {
    outcomes.set(each.id, runMember(gate, envelope, each, rows[index] ?? row, outcomes));
  }
  const texts: string[] = [];
  // Graph promises no order; the reversed one exposes clients relying on the order of requests.
  for (const [id, pending] of [...outcomes].toReversed()) {
    const outcome = await pending;
    if (outcome !== 'cut') texts.push(memberText(id, outcome));
  }
  if (texts.length < members.length) return 'cut';
  return { status: 200, headers: {}, body: `{"responses":${arrayText(texts)}}` };
}

function arrive(gate: Gate, envelope: GraphCall, each: BatchMember, batch: number): LogRow {
  return gate.log.arrive({
    tenant: envelope.caller.tenantId,
    method: each.method,
    path: each.path,
    batch,
    clientRequestId: each.headers['client-request-id'] ?? null,
    version: envelope.version,
    query: each.query,
  });
}

function inOrderOfDependence(members: readonly BatchMember[]): [number, BatchMember][] {
  const ordered: [number, BatchMember][] = [];
  const done = new Set<string>();
  let left = [...members.entries()];
  while (left.length > 0) {
    const ready = left.filter(([, { dependsOn }]) => dependsOn.every((each) => done.has(each)));
    for (const [, { id }] of ready) done.add(id);
    ordered.push(...ready);
    left = left.filter(([, { id }]) => !done.has(id));
  }
  return ordered;
}

async function runMember(
  gate: Gate,
  envelope: GraphCall,
  each: BatchMember,
  row: LogRow,
  outcomes: ReadonlyMap<string, Promise<Outcome>>,
): Promise<Outcome> {
  const call: GraphCall = {
    ...envelope,
    method: each.method,
    path: each.path,
    query: each.query,
    headers: { accept: envelope.headers['accept'], ...each.headers },
    body: each.body,
  };
  for (const id of each.dependsOn) {
    const needed = await outcomes.get(id);
    if (needed === 'cut' || (needed !== undefined && needed.status >= firstErrorStatus)) {
      row.status = failedDependencyStatus;
      const problem = new GraphProblem(
        failedDependencyStatus,
        'FailedDependency',
        `The request depends on request ${id}, which failed.`,
      );
      return refusal(problem, idsOf(call));
    }
  }
  return passGate(gate, call, row);
}

function memberText(id: string, answer: GraphAnswer): string {
  const mediaType =
    answer.headers['content-type'] ??
    'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';
  const isJson = mediaType.startsWith('application/json');
  const headers = {
    'Cache-Control': 'no-cache',
    'x-ms-resource-unit': '1',
    'OData-Version': '4.0',
    'request-id': answer.headers['request-id'],
    'Retry-After': answer.headers['retry-after'],
    ...(answer.body === null ? {} : { 'Content-Type': mediaType }),
  };
  const body = isJson
    ? answer.body
    : JSON.stringify(Buffer.from(answer.body ?? '').toString('base64'));
  return objectText([
    member('id', JSON.stringify(id)),
    member('status', String(answer.status)),
    member('headers', JSON.stringify(headers)),
    ...(answer.body === null || body === null ? [] : [member('body', body)]),
  ]);
}
