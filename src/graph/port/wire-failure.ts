import { GraphError } from './graph-error.ts';

/** The signals of one call: the time limit's, and that of the limit or the caller, whichever comes first. */
export interface CallSignals {
  readonly timeout: AbortSignal;
  readonly either: AbortSignal;
}

/** Takes the caller's signal and a time limit, and returns the signals of one call. */
export function callSignals(caller: AbortSignal | undefined, timeoutMs: number): CallSignals {
  const timeout = AbortSignal.timeout(timeoutMs);
  return { timeout, either: caller ? AbortSignal.any([caller, timeout]) : timeout };
}

/**
 * Takes whatever a call rejected with and returns what the caller shall see: a GraphError when time ran out or
 * the wire failed, anything else as it is. That is the caller's own reason when he gave up, and a mistake of ours,
 * lest it be retried as bad luck. The texts of fetch are left behind, they may name URLs.
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

// Fetch rejects with a TypeError whose cause is what happened to the connection; our own have none.
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
