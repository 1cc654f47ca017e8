import { retryLater } from '#activities/runtime/activity-failure.ts';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { inTenant } from '#db/database.ts';
import { findUnsettledWriteAge } from '#db/restore/unsettled-writes.ts';
import type { RestoreOfRun } from './restore-of-run.ts';

/**
 * Makes a restore wait for the writes of earlier ones whose answers nobody waits for any more: what Graph is still
 * making would not be seen, and be made a second time.
 * Throws an ApplicationFailure that names when to come back.
 */
export async function assertEarlierSettled(
  { db, settle: { settleMs } }: Pick<ActivityDeps, 'db' | 'settle'>,
  { runId, tenantId }: Pick<RestoreOfRun, 'runId' | 'tenantId'>,
): Promise<void> {
  const ref = { runId, settleSeconds: settleMs / 1_000 };
  const age = await inTenant(db, tenantId, (trx) => findUnsettledWriteAge(trx, ref));
  if (age === null) return;
  throw retryLater('graph_unavailable', { settling: true }, settleMs - age * 1_000);
}
