import { setTimeout as sleep } from 'node:timers/promises';
import { GraphError } from '#graph/port/graph-error.ts';
import type { PendingRead } from './batch-read.ts';

/**
 * Longest wait of a request for room in the budget, unless its caller sets another. For longer waits the activity
 * should free its slot for another tenant and retry later.
 */
export const budgetWaitMsMax = 10_000;

/** The code of an unsent request: the tenant's budget has no room in time. */
export const budgetExhaustedCode = 'budget_exhausted';

// Shortest pause between two questions to the budget: a wait rounded to 0 must not query Postgres in a tight loop.
const pauseMsMin = 20;

/**
 * True if a read should wait for room; false if it should fail with {@link budgetExhausted}. Notes its first refusal
 * in `refusedAtMs`.
 */
export function canWaitFor(read: PendingRead, waitSeconds: number, nowMs: number): boolean {
  read.refusedAtMs ??= nowMs;
  return nowMs + waitSeconds * 1_000 <= read.refusedAtMs + read.budgetWaitMs;
}

/** Creates the error for a request without room in the budget in time; the activity retries after `waitSeconds`. */
export function budgetExhausted(waitSeconds: number, clientRequestId: string | null): GraphError {
  return new GraphError({
    kind: 'throttled',
    code: budgetExhaustedCode,
    retryAfterSeconds: waitSeconds,
    clientRequestId,
    notSent: true,
  });
}

/** Waits for room in the budget, or until the queue is empty. */
export async function pauseFor(waitSeconds: number, queueEmptied: AbortSignal): Promise<void> {
  try {
    await sleep(Math.max(waitSeconds * 1_000, pauseMsMin), undefined, { signal: queueEmptied });
  } catch (error) {
    if (!queueEmptied.aborted) throw error;
  }
}
