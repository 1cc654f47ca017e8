/** What a failed call means for the caller; retries and outcomes are decided on this word alone. */
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
  /** A guard has stopped the request: a mistake of ours, and never Graph's answer. */
  | 'write_blocked';

export interface GraphErrorFacts {
  readonly kind: GraphErrorKind;
  /** Graph's code, Entra's AADSTS code, or one of our own words in snake_case. */
  readonly code: string;
  readonly status?: number | null;
  readonly retryAfterSeconds?: number | null;
  readonly requestId?: string | null;
  readonly clientRequestId?: string | null;
  /** The request has not gone on the wire. */
  readonly notSent?: boolean;
}

/**
 * A call to Graph or Entra ID that brought no usable answer. It holds codes and ids only: bodies may repeat
 * what was sent, tokens included, and errors travel to logs, histories and rows.
 */
export class GraphError extends Error {
  readonly kind: GraphErrorKind;
  readonly code: string;
  readonly status: number | null;
  readonly retryAfterSeconds: number | null;
  readonly requestId: string | null;
  readonly clientRequestId: string | null;
  /** Certain when true: nothing was asked of Graph. */
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

/** Takes an error and returns what another one, of more or other facts, is made of. */
export function factsOf(error: GraphError): GraphErrorFacts {
  const { kind, code, status, retryAfterSeconds, requestId, clientRequestId, notSent } = error;
  return { kind, code, status, retryAfterSeconds, requestId, clientRequestId, notSent };
}

/** Takes any error and says whether Graph has refused the question as such: it does not know a part of it. */
export function isRefusal(error: unknown): boolean {
  return error instanceof GraphError && error.kind === 'bad_request';
}

/** What a guard throws under a request that must not go on the wire. */
export function writeBlocked(): GraphError {
  return new GraphError({ kind: 'write_blocked', code: 'write_blocked', notSent: true });
}

function describe(facts: GraphErrorFacts): string {
  const status = facts.status ? ` ${facts.status}` : '';
  const requestId = facts.requestId ? ` (request-id ${facts.requestId})` : '';
  return `Graph:${status} ${facts.code}${requestId}`;
}
