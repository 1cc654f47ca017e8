import type { LoggedCall } from './simulated-tenant.ts';

/** Returns the most logged requests in any window of the given length, at any start. */
export function mostInWindow(rows: readonly LoggedCall[], windowSeconds: number): number {
  const times = rows.map(({ at }) => Date.parse(at)).toSorted((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [last, time] of times.entries()) {
    while ((times[first] ?? 0) <= time - windowSeconds * 1000) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
