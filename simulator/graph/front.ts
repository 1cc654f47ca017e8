import { setTimeout as sleep } from 'node:timers/promises';
import type { LogRow } from '../control/request-log.ts';
import type { Exchange } from '../http/exchange.ts';
import { headerOf } from '../http/exchange.ts';
import { validJsonText, InvalidJsonError } from '../json/validate.ts';
import type { Authenticator } from './authenticate.ts';
import { answerBatch } from './batch/answer-batch.ts';
import type { Caller, GraphAnswer, GraphCall } from './call.ts';
import type { Gate, Outcome } from './gate.ts';
import { idsOf, passFaults, passGate, refusal } from './gate.ts';
import { badRequest, GraphProblem } from './problem.ts';
import { serviceHeaders } from './service-headers.ts';

const versionPrefix = /^\/(v1\.0|beta)(\/.*)?$/i;
const jsonMediaType =
  'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

/** True if a path belongs to Graph. */
export function isGraphPath(path: string): boolean {
  return versionPrefix.test(path);
}

/** Answers a request to Graph: identifies the caller, logs the arrival, waits the latency, and passes the gate. */
export async function answerGraphRequest(
  gate: Gate,
  authenticator: Authenticator,
  exchange: Exchange,
): Promise<void> {
  const [, version = 'beta', path = '/'] = versionPrefix.exec(exchange.path) ?? [];
  const headers = requestHeaders(exchange);
  const row = {
    method: exchange.method,
    path,
    batch: null,
    clientRequestId: headers['client-request-id'] ?? null,
    version: version.toLowerCase(),
    query: exchange.query,
  };
  let caller: Caller;
  try {
    caller = authenticator.caller(headers['authorization']);
  } catch (error) {
    if (!(error instanceof GraphProblem)) throw error;
    gate.log.arrive({ ...row, tenant: null }).status = error.status;
    send(exchange, refusal(error, idsOf({ headers })));
    return;
  }
  const logged = gate.log.arrive({ ...row, tenant: caller.tenantId });
  const bytes = await exchange.body();
  const { latencyMs } = gate.throttle.limits(caller.tenantId);
  if (latencyMs > 0) await sleep(latencyMs);
  const call: GraphCall = {
    caller,
    method: exchange.method,
    version: version.toLowerCase() === 'v1.0' ? 'v1.0' : 'beta',
    path,
    query: exchange.query,
    headers,
    body: null,
    baseUrl: exchange.baseUrl,
  };
  const outcome = await outcomeOf(gate, call, bytes, logged);
  if (outcome === 'cut') exchange.request.socket.destroy();
  else send(exchange, outcome);
}

async function outcomeOf(
  gate: Gate,
  call: GraphCall,
  bytes: Uint8Array,
  row: LogRow,
): Promise<Outcome> {
  try {
    const body = bytes.length === 0 ? null : validJsonText(bytes);
    const whole = { ...call, body };
    if (call.path.toLowerCase() !== '/$batch') return await passGate(gate, whole, row);
    // A fault can hit the batch itself; its members are counted and get faults one by one.
    return await passFaults(gate, whole, row, {
      admit: () => null,
      carryOut: () => answerBatch(gate, whole, row),
    });
  } catch (error) {
    const problem =
      error instanceof InvalidJsonError
        ? badRequest(
            'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.',
          )
        : error;
    if (!(problem instanceof GraphProblem)) throw error;
    row.status = problem.status;
    return refusal(problem, idsOf(call));
  }
}

function requestHeaders({ request }: Exchange): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.keys(request.headers).map((name) => [name, headerOf(request, name)]),
  );
}

function send({ method, response }: Exchange, answer: GraphAnswer): void {
  if (response.destroyed) return;
  if (answer.body === null) {
    response.writeHead(answer.status, answer.headers);
    response.end();
    return;
  }
  const bytes = Buffer.from(answer.body, 'utf8');
  response.writeHead(answer.status, {
    ...serviceHeaders(idsOf({ headers: {} })),
    'content-type': jsonMediaType,
    'content-length': bytes.length,
    ...answer.headers,
  });
  response.end(method === 'HEAD' ? undefined : bytes);
}
