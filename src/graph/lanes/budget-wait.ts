import { setTimeout as sleep } from 'node:timers/promises';
import { GraphError } from '#graph/port/graph-error.ts';
import type { PendingRead } from './batch-read.ts';

/**
 * How long a request waits for room in the budget, unless its caller says otherwise. Beyond it the activity had better give its slot to another tenant and
 * come back when there is room.
 */
export const budgetWaitMsMax = 10_000;

/** The code of a request that did not go out, since the budget of its tenant has no room in time. */
export const budgetExhaustedCode = 'budget_exhausted';

// Between two questions to the budget; Postgres is not asked in a tight loop when a wait rounds to nothing.
const pauseMsMin = 20;

/** Takes a read and how long the budget has no room, and says whether it should wait for it or come back later. */
export function canWaitFor(read: PendingRead, waitSeconds: number, nowMs: number): boolean {
  read.refusedAtMs ??= nowMs;
  return nowMs + waitSeconds * 1_000 <= read.refusedAtMs + read.budgetWaitMs;
}

/** What a request rejects with that has no room in the budget in time; an activity comes back after those seconds. */
export function budgetExhausted(waitSeconds: number, clientRequestId: string | null): GraphError {
  return new GraphError({
    kind: 'throttled',
    code: budgetExhaustedCode,
    retryAfterSeconds: waitSeconds,
    clientRequestId,
    notSent: true,
  });
}

/** Waits for room, or until nobody waits any more. */
export async function pauseFor(waitSeconds: number, nobodyWaits: AbortSignal): Promise<void> {
  try {
    await sleep(Math.max(waitSeconds * 1_000, pauseMsMin), undefined, { signal: nobodyWaits });
  } catch (error) {
    if (!nobodyWaits.aborted) throw error;
  }
}
