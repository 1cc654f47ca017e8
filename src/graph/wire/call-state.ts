import type { Context, Middleware, MiddlewareOptions } from '@microsoft/microsoft-graph-client';

/**
 * What our middleware has to know of one call, carried through the SDK as its middleware option. The SDK takes
 * URLs apart and puts them together again differently, so the exact URL travels here.
 */
export class CallState implements MiddlewareOptions {
  readonly url: string;
  readonly signal: AbortSignal;
  /** What the chain threw. The SDK wraps errors into its own kind and loses their fields. */
  failure: unknown = null;
  /** The last moment of performance.now() at which it may go on the wire. */
  readonly notAfterMs: number;
  /** Of a write: it has gone on the wire, and Graph has not refused its token. */
  sent = false;

  constructor(url: string, signal: AbortSignal, notAfterMs = Infinity) {
    this.url = url;
    this.signal = signal;
    this.notAfterMs = notAfterMs;
  }
}

/** Takes the SDK's context and returns the state of its call. */
export function callStateOf(context: Context): CallState {
  const state = context.middlewareControl?.getMiddlewareOptions(CallState);
  if (!(state instanceof CallState)) throw new Error('a Graph call came without its state');
  return state;
}

/** Takes the next link of a chain, which the SDK sets. Throws when the chain ends too early. */
export function requireNext(next: Middleware | null): Middleware {
  if (next === null) throw new Error('the middleware chain has no end');
  return next;
}
