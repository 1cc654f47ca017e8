import type { Client } from '@temporalio/client';
import { ensureSchedule } from './ensure-schedule.ts';

/** The next round sees all that a missed one would have seen. */
const catchUpMs = 60_000;
/** A round is one short activity; one that takes longer than this waits for a database that is away. */
const runTimeoutMs = 10 * 60_000;

/**
 * Makes the Temporal Schedule that starts the reconciler, or brings an existing one to this interval.
 * @param intervalSeconds how often a round starts.
 */
export function ensureReconcilerSchedule(client: Client, intervalSeconds: number): Promise<void> {
  return ensureSchedule(client, {
    scheduleId: 'reconcile-runs',
    workflowType: 'reconcileRuns',
    everyMs: intervalSeconds * 1000,
    catchUpMs,
    runTimeoutMs,
    summary: 'Compares active runs with their workflows',
  });
}
