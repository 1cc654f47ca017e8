import { GraphError } from '#graph/port/graph-error.ts';

/**
 * True if Graph may have carried out a failed write. Certainly not carried out: a write never sent, and one refused
 * with a 429 or any 4xx but 408. All other failures are ambiguous.
 */
export function isAmbiguous(error: unknown): boolean {
  if (!(error instanceof GraphError)) return true;
  const { notSent, status } = error;
  if (notSent) return false;
  return status === null || status === 408 || status < 400 || status >= 500;
}
