import type { IncomingMessage } from 'node:http';
import type { Caller } from './caller.ts';

/** What is known of a request beside what Node knows: kept here rather than hung onto Express's objects, untyped. */
export interface RequestState {
  /** Made here for each request and never taken from a header, so that it cannot be forged into the log. */
  readonly requestId: string;
  /** The pattern of the route that took the request, for the log; null when none did. */
  routePath: string | null;
  caller: Caller | null;
}

const states = new WeakMap<IncomingMessage, RequestState>();

/** Gives a request its state. Called once, before all else. */
export function openRequestState(request: IncomingMessage, requestId: string): RequestState {
  const state: RequestState = { requestId, routePath: null, caller: null };
  states.set(request, state);
  return state;
}

/** The state of a request that has been opened. */
export function requestState(request: IncomingMessage): RequestState {
  const state = states.get(request);
  if (state === undefined) throw new Error('the request has not passed the request log');
  return state;
}
