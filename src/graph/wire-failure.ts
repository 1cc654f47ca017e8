import { GraphError } from './graph-error.ts';

/** The signals of one call: the caller's, the time limit's, and the two as one. */
export interface CallSignals {
  readonly caller: AbortSignal | undefined;
  readonly timeout: AbortSignal;
  readonly either: AbortSignal;
}

/** Takes the caller's signal and a time limit, and returns the signals of one call. */
export function callSignals(caller: AbortSignal | undefined, timeoutMs: number): CallSignals {
  const timeout = AbortSignal.timeout(timeoutMs);
  return { caller, timeout, either: caller ? AbortSignal.any([caller, timeout]) : timeout };
}

/**
 * Takes whatever a call rejected with and returns what the caller shall see: the caller's own reason when he
 * gave up, a GraphError otherwise. The texts of fetch are left behind, they may name URLs.
 */
export function wireFailure(
  error: unknown,
  signals: CallSignals,
  clientRequestId: string | null,
): unknown {
  if (error instanceof GraphError) return error;
  if (signals.caller?.aborted) return signals.caller.reason;
  if (signals.timeout.aborted) {
    return new GraphError({ kind: 'timeout', code: 'request_timeout', clientRequestId });
  }
  return new GraphError({ kind: 'network', code: causeCode(error), clientRequestId });
}

function causeCode(error: unknown): string {
  const cause = (error as { cause?: { code?: unknown } } | null)?.cause?.code;
  return typeof cause === 'string' && /^[A-Z][A-Z0-9_]{0,40}$/.test(cause)
    ? cause
    : 'connection_failed';
}
