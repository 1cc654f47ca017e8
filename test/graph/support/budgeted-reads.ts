import { setTimeout as sleep } from 'node:timers/promises';
import { GraphError } from '#graph/port/graph-error.ts';
import type { GraphReader } from '#graph/port/graph-reader.ts';

// Much shorter than Intune's window: a test sees several of them.
export const windowSeconds = 4;

/** Budgets of some requests per window, and of some writes among them. */
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

/** Reads like activities, sixty at a time: a throttled read retries after the delay in its error. */
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
