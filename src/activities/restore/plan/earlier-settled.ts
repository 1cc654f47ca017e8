import { retryLater } from '#activities/runtime/activity-failure.ts';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { inTenant } from '#db/database.ts';
import { findUnsettledWriteAge } from '#db/restore/unsettled-writes.ts';
import type { RestoreOfRun } from './restore-of-run.ts';

/**
 * Waits for abandoned writes of earlier restores: the plan would not see an object that Graph is still creating, and
 * would create it twice.
 * @throws ApplicationFailure with the delay until the writes have settled.
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
