import { factsOf, GraphError } from '#graph/port/graph-error.ts';

/** True if Graph throttled the call; an Entra 429 for its token does not count. */
export function isThrottling(error: unknown): error is GraphError {
  return error instanceof GraphError && error.status === 429 && !error.notSent;
}

/** Adds a delay to a 429 without Retry-After. */
export function withDelay(error: GraphError, seconds: number): GraphError {
  if (error.retryAfterSeconds !== null) return error;
  return new GraphError({ ...factsOf(error), retryAfterSeconds: seconds });
}
