import type { IncomingMessage } from 'node:http';
import type { Caller } from './caller.ts';

/** Facts about a request beside Node's own; properties on Express's objects would be untyped. */
export interface RequestState {
  /** Generated for each request, never taken from a header: a client cannot forge it into the log. */
  readonly requestId: string;
  /** The pattern of the matched route, for the log; null without one. */
  routePath: string | null;
  caller: Caller | null;
}

const states = new WeakMap<IncomingMessage, RequestState>();

/** Creates the state of a request; the first handler calls it once. */
export function openRequestState(request: IncomingMessage, requestId: string): RequestState {
  const state: RequestState = { requestId, routePath: null, caller: null };
  states.set(request, state);
  return state;
}

export function requestState(request: IncomingMessage): RequestState {
  const state = states.get(request);
  if (state === undefined) throw new Error('the request has not passed the request log');
  return state;
}
