import { factsOf, GraphError } from '#graph/port/graph-error.ts';

/** Takes what a call rejected with and says whether Graph has throttled it; a 429 of Entra's is none. */
export function isThrottling(error: unknown): error is GraphError {
  return error instanceof GraphError && error.status === 429 && !error.notSent;
}

/** Takes a 429 and when to come back if it does not say; returns one that says when. */
export function withDelay(error: GraphError, seconds: number): GraphError {
  if (error.retryAfterSeconds !== null) return error;
  return new GraphError({ ...factsOf(error), retryAfterSeconds: seconds });
}
