import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between polls of a process on this machine: cheap, and no person notices them. */
const pollIntervalMs = 50;

/**
 * Calls `isDone` until it returns true. Returns false after `timeoutMs`. An exception of `isDone`
 * ends the polling.
 */
export async function pollUntil(
  isDone: () => boolean | Promise<boolean>,
  timeoutMs: number,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!(await isDone())) {
    if (performance.now() > deadline) return false;
    await sleep(pollIntervalMs);
  }
  return true;
}
