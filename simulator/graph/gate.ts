import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultEffect, Faults } from '../control/faults.ts';
import type { LogRow, RequestLog } from '../control/request-log.ts';
import type { Throttle } from '../control/throttle.ts';
import { answerGraph } from './answer-graph.ts';
import type { GraphAnswer, GraphCall } from './call.ts';
import { isWrite } from './call.ts';
import { faultProblem, gatewayTimeout, throttledProblem } from './injected-problem.ts';
import type { RequestIds } from './problem.ts';
import { GraphProblem, problemText } from './problem.ts';
import { serviceAt } from './service-at.ts';
import { serviceHeaders } from './service-headers.ts';
import type { GraphService } from './service.ts';

/** Faults, limits and log, between the network and the service. */
export interface Gate {
  readonly service: GraphService;
  readonly log: RequestLog;
  readonly faults: Faults;
  readonly throttle: Throttle;
}

/** The answer to a call; `cut`: destroy the connection instead. */
export type Outcome = GraphAnswer | 'cut';

/** The work for a call without a fault. */
interface Work {
  /** Counts the call against the limits on arrival; returns its refusal above them, else null. */
  readonly admit: () => GraphAnswer | null;
  readonly carryOut: () => Outcome | Promise<Outcome>;
}

/** Passes a call through faults and limits, and carries it out; its log row gets the outcome. */
export function passGate(gate: Gate, call: GraphCall, row: LogRow): Promise<Outcome> {
  return passFaults(gate, call, row, {
    admit: () => overLimits(gate, call),
    carryOut: () => carryOut(gate, call),
  });
}

/** Passes a call through the faults, then does the given work. */
export async function passFaults(
  gate: Gate,
  call: GraphCall,
  row: LogRow,
  work: Work,
): Promise<Outcome> {
  const effect = gate.faults.take(call.caller.tenantId, call.method, call.path);
  if (effect?.drop !== undefined) return dropped(call, row, effect, work);
  if (effect?.delayMs !== undefined) await sleep(effect.delayMs);
  const problem = effect === null ? null : faultProblem(effect);
  const refused = problem === null ? work.admit() : refusal(problem, idsOf(call));
  const outcome = refused ?? (await work.carryOut());
  if (outcome !== 'cut') row.status = outcome.status;
  return outcome;
}

/** Cuts the connection before or after the work, or answers 504 first and works later. */
async function dropped(
  call: GraphCall,
  row: LogRow,
  effect: FaultEffect,
  work: Work,
): Promise<Outcome> {
  const delayMs = effect.delayMs ?? 0;
  const refused = effect.drop === 'before' ? null : work.admit();
  if (effect.drop === 'late') {
    row.status = refused?.status ?? gatewayTimeout.status;
    if (refused !== null) return refused;
    const carryOutLate = async (): Promise<void> => {
      await work.carryOut();
    };
    // If the simulator has stopped by then, the late write is lost, as in real life.
    setTimeout(() => void carryOutLate().catch(() => undefined), delayMs).unref();
    return refusal(gatewayTimeout, idsOf(call));
  }
  const outcome = effect.drop === 'after' ? (refused ?? (await work.carryOut())) : 'cut';
  if (outcome !== 'cut') row.status = outcome.status;
  if (delayMs > 0) await sleep(delayMs);
  return 'cut';
}

function overLimits(gate: Gate, call: GraphCall): GraphAnswer | null {
  const { appId, tenantId } = call.caller;
  const turnedAway = gate.throttle.take(
    { tenant: tenantId, appId, service: serviceAt(call.path) },
    isWrite(call.method),
    Date.now(),
  );
  return turnedAway === null ? null : refusal(throttledProblem(turnedAway), idsOf(call));
}

function carryOut(gate: Gate, call: GraphCall): GraphAnswer {
  const ids = idsOf(call);
  try {
    const answer = answerGraph(gate.service, call);
    return { ...answer, headers: { ...serviceHeaders(ids), ...answer.headers } };
  } catch (error) {
    if (error instanceof GraphProblem) return refusal(error, ids);
    throw error;
  }
}

/** Returns the answer for a refusal. */
export function refusal(problem: GraphProblem, ids: RequestIds): GraphAnswer {
  return {
    status: problem.status,
    headers: { ...serviceHeaders(ids), 'content-type': 'application/json', ...problem.headers },
    body: problemText(problem, ids),
  };
}

/** Creates a request id; keeps the client's own id, if it sent one. */
export function idsOf({ headers }: Pick<GraphCall, 'headers'>): RequestIds {
  const requestId = randomUUID();
  return { requestId, clientRequestId: headers['client-request-id'] ?? requestId };
}
