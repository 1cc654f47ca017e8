import { GraphError } from './graph-error.ts';

/** The signals of one call: the time limit's, and the combined one of time limit and caller. */
export interface CallSignals {
  readonly timeout: AbortSignal;
  readonly either: AbortSignal;
}

export function callSignals(caller: AbortSignal | undefined, timeoutMs: number): CallSignals {
  const timeout = AbortSignal.timeout(timeoutMs);
  return { timeout, either: caller ? AbortSignal.any([caller, timeout]) : timeout };
}

/**
 * Turns the rejection of a call into the error for its caller: a GraphError if time ran out or the connection failed.
 * Other errors pass unchanged: the caller's own abort reason, and bugs, lest they be retried as network failures.
 * Drops fetch's texts, since they may contain URLs.
 */
export function wireFailure(
  error: unknown,
  signals: CallSignals,
  clientRequestId: string | null,
): unknown {
  if (error instanceof GraphError) return error;
  if (signals.timeout.aborted) {
    return new GraphError({ kind: 'timeout', code: 'request_timeout', clientRequestId });
  }
  const cause = causeOfFetch(error);
  if (cause === undefined) return error;
  return new GraphError({ kind: 'network', code: codeOf(cause), clientRequestId });
}

// Fetch rejects with a TypeError; its cause describes the connection's failure. A TypeError of our own has no cause.
function causeOfFetch(error: unknown): unknown {
  const { name, cause } = (error ?? {}) as { name?: unknown; cause?: unknown };
  return name === 'TypeError' ? cause : undefined;
}

function codeOf(cause: unknown): string {
  const { code } = (cause ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,40}$/.test(code)
    ? code
    : 'connection_failed';
}
