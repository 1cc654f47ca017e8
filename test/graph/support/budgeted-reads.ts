import { setTimeout as sleep } from 'node:timers/promises';
import { GraphError } from '#graph/port/graph-error.ts';
import type { GraphReader } from '#graph/port/graph-reader.ts';

// Windows much shorter than Intune's, so that a test sees several of them.
export const windowSeconds = 4;

/** Budgets of so many requests in such a window, of which so many may be writes. */
export function limits(
  requests: number,
  writeRequests = Math.ceil(requests / 10),
  seconds = windowSeconds,
) {
  const limit = { requests, windowSeconds: seconds };
  const writes = { requests: writeRequests, windowSeconds: seconds };
  return {
    ...{ intune: limit, intuneWrites: writes, entra: limit, entraWrites: writes },
    conditionalAccess: { requests: 1, windowSeconds: 2 },
  };
}

/** Reads as activities do, sixty at a time: what is throttled comes back when its error says. */
export async function readAll(reader: GraphReader, paths: Iterable<string>): Promise<void> {
  const callers = 60;
  const readOne = async (path: string): Promise<void> => {
    for (;;) {
      try {
        await reader.get(path);
        return;
      } catch (error) {
        if (!(error instanceof GraphError) || error.kind !== 'throttled') throw error;
        await sleep((error.retryAfterSeconds ?? 1) * 1000 * (1 + Math.random() * 0.1));
      }
    }
  };
  const next = paths[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (let step = next.next(); step.done !== true; step = next.next()) await readOne(step.value);
  };
  await Promise.all(Array.from({ length: callers }, lane));
}
