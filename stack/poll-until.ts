import { setTimeout as sleep } from 'node:timers/promises';

/** What is polled is a process on this machine: 50 ms cost nothing and are not felt. */
const pollIntervalMs = 50;

/**
 * Asks `isDone` again and again until it says true. Answers true then, or false when `timeoutMs`
 * have passed. An exception of `isDone` ends the polling.
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
