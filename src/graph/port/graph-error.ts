/** The meaning of a failed call for the caller; retries and outcomes depend on this kind alone. */
export type GraphErrorKind =
  | 'throttled'
  | 'unavailable'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'bad_request'
  | 'conflict'
  | 'timeout'
  | 'network'
  | 'invalid_response'
  | 'too_large'
  | 'untrusted_link'
  | 'server_error'
  /** A guard stopped the request: a bug of ours, never Graph's answer. */
  | 'write_blocked';

export interface GraphErrorFacts {
  readonly kind: GraphErrorKind;
  /** Graph's code, Entra's AADSTS code, or our own word in snake_case. */
  readonly code: string;
  readonly status?: number | null;
  readonly retryAfterSeconds?: number | null;
  readonly requestId?: string | null;
  readonly clientRequestId?: string | null;
  /** See {@link GraphError.notSent}. */
  readonly notSent?: boolean;
}

/**
 * A call to Graph or Entra ID without a usable answer. Holds codes and ids only: bodies may repeat the request,
 * tokens included, and errors travel to logs, histories and rows.
 */
export class GraphError extends Error {
  readonly kind: GraphErrorKind;
  readonly code: string;
  readonly status: number | null;
  readonly retryAfterSeconds: number | null;
  readonly requestId: string | null;
  readonly clientRequestId: string | null;
  /** True if Graph certainly did nothing: the request never went out, or Graph refused its token. */
  readonly notSent: boolean;

  constructor(facts: GraphErrorFacts) {
    super(describe(facts));
    this.name = 'GraphError';
    this.kind = facts.kind;
    this.code = facts.code;
    this.status = facts.status ?? null;
    this.retryAfterSeconds = facts.retryAfterSeconds ?? null;
    this.requestId = facts.requestId ?? null;
    this.clientRequestId = facts.clientRequestId ?? null;
    this.notSent = facts.notSent ?? false;
  }
}

/** Returns the fields of an error, for a copy with some of them changed. */
export function factsOf(error: GraphError): GraphErrorFacts {
  const { kind, code, status, retryAfterSeconds, requestId, clientRequestId, notSent } = error;
  return { kind, code, status, retryAfterSeconds, requestId, clientRequestId, notSent };
}

/** True if Graph rejected the request itself, for example an unknown property. */
export function isRefusal(error: unknown): boolean {
  return error instanceof GraphError && error.kind === 'bad_request';
}

/** The error of a guard for a request it must stop. */
export function writeBlocked(): GraphError {
  return new GraphError({ kind: 'write_blocked', code: 'write_blocked', notSent: true });
}

function describe(facts: GraphErrorFacts): string {
  const status = facts.status ? ` ${facts.status}` : '';
  const requestId = facts.requestId ? ` (request-id ${facts.requestId})` : '';
  return `Graph:${status} ${facts.code}${requestId}`;
}
