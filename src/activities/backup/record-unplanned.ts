import { planPolicies } from '#db/backup/backup-plans.ts';
import { listListedTypes, recordListing } from '#db/backup/backup-listings.ts';
import type { TenantTrx } from '#db/database.ts';
import type { RunRow } from '#db/tables.ts';
import type { FailureCode } from '#domain/run/failure.ts';
import { backupOf } from './backup-of-run.ts';

/**
 * Puts into a backup set what its run was asked for and, cut off, has not come to plan: policies without a snapshot and
 * types without a listing. Otherwise the set would know of nothing that it lacks. Does nothing for other runs.
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
