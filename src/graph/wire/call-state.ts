import type { Context, Middleware, MiddlewareOptions } from '@microsoft/microsoft-graph-client';

/**
 * The state of one call for our middleware, carried through the SDK as a middleware option. The SDK parses URLs and
 * joins them differently, so the exact URL travels here.
 */
export class CallState implements MiddlewareOptions {
  readonly url: string;
  readonly signal: AbortSignal;
  /** The error of the chain; the SDK wraps errors into its own class and loses their fields. */
  failure: unknown = null;
  /** Last moment to send, on performance's clock. */
  readonly notAfterMs: number;
  /** Only for a write: it went on the wire, and Graph did not refuse its token. */
  sent = false;

  constructor(url: string, signal: AbortSignal, notAfterMs = Infinity) {
    this.url = url;
    this.signal = signal;
    this.notAfterMs = notAfterMs;
  }
}

export function callStateOf(context: Context): CallState {
  const state = context.middlewareControl?.getMiddlewareOptions(CallState);
  if (!(state instanceof CallState)) throw new Error('a Graph call came without its state');
  return state;
}

/** Returns the next link of a chain, set by the SDK. @throws Error if the chain ends too early. */
export function requireNext(next: Middleware | null): Middleware {
  if (next === null) throw new Error('the middleware chain has no end');
  return next;
}
