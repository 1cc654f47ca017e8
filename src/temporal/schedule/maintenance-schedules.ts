import type { Client } from '@temporalio/client';
import { ensureSchedule } from './ensure-schedule.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** A round over tens of thousands of contents takes minutes; after this time it is stuck. */
const runTimeoutMs = 24 * hourMs;

/**
 * Creates or updates the Temporal Schedules of maintenance. A missed round runs within one interval: a stack that is
 * off at night verifies its snapshots, too.
 */
export async function ensureMaintenanceSchedules(
  client: Client,
  every: { readonly maintainMinutes: number; readonly verifyHours: number },
): Promise<void> {
  await ensureSchedule(client, {
    scheduleId: 'maintain-backups',
    workflowType: 'maintainBackups',
    everyMs: every.maintainMinutes * minuteMs,
    catchUpMs: every.maintainMinutes * minuteMs,
    runTimeoutMs,
    summary: 'Compares backup schedules with Temporal and deletes expired backup sets',
  });
  await ensureSchedule(client, {
    scheduleId: 'verify-snapshots',
    workflowType: 'verifySnapshots',
    everyMs: every.verifyHours * hourMs,
    catchUpMs: every.verifyHours * hourMs,
    runTimeoutMs,
    summary: 'Verifies all stored contents against their hashes',
  });
}
