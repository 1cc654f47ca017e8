import { GraphError } from '#graph/port/graph-error.ts';

/**
 * Takes what a write rejected with and says whether it may have been carried out. Only what was never sent, and what
 * Graph refused (a 429, every 4xx but 408), was certainly not; of all else nobody knows.
 */
export function isAmbiguous(error: unknown): boolean {
  if (!(error instanceof GraphError)) return true;
  const { notSent, status } = error;
  if (notSent) return false;
  return status === null || status === 408 || status < 400 || status >= 500;
}
