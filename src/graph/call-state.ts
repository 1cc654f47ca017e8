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

  constructor(url: string, signal: AbortSignal) {
    this.url = url;
    this.signal = signal;
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
