import { planPolicies } from '#db/backup/backup-plans.ts';
import { listListedTypes, recordListing } from '#db/backup/backup-listings.ts';
import type { TenantTrx } from '#db/database.ts';
import type { RunRow } from '#db/tables.ts';
import type { FailureCode } from '#domain/run/failure.ts';
import { backupOf } from './backup-of-run.ts';

/**
 * Records the requested policies and types that an interrupted run did not reach. Without these rows the set would not
 * know that it lacks them. A no-op for other runs.
 */
export async function recordUnplanned(
  trx: TenantTrx,
  run: RunRow,
  reason: FailureCode,
): Promise<void> {
  const backup = backupOf(run);
  if (backup === undefined) return;
  await planPolicies(trx, backup, backup.policyIds, new Map());
  const listed = await listListedTypes(trx, backup);
  for (const { type } of backup.types) {
    if (listed.has(type)) continue;
    const ref = { ...backup, policyType: type };
    await recordListing(trx, ref, { outcome: 'failed', errorCode: reason });
  }
}
