import { setTimeout as sleep } from 'node:timers/promises';

const pollIntervalMs = 25;

/** Polls until the answer is neither undefined nor false; throws after `seconds`. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  seconds = 20,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await sleep(pollIntervalMs);
  }
}
