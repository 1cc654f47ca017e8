import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { heartbeating } from '#activities/runtime/heartbeating.ts';
import { planPolicies } from '#db/backup/backup-plans.ts';
import { countOrdinals } from '#db/backup/backup-run-items.ts';
import { listListedTypes } from '#db/backup/backup-listings.ts';
import { inTenant } from '#db/database.ts';
import { forEachConcurrent } from '#domain/concurrency/concurrent.ts';
import type { GraphActivities } from '#domain/run/activity-types.ts';
import { backupOfRun, partOf } from './backup-of-run.ts';
import { listForBackup } from './list-for-backup.ts';

/** Types listed at the same time: their first pages fill a batch of Graph, and each holds one page in memory. */
const concurrentListings = 20;

/** See {@link GraphActivities.planBackup}. A retry goes on with the types that no earlier attempt has listed. */
export function createPlanBackup(deps: ActivityDeps): GraphActivities['planBackup'] {
  return async ({ runId, part }) => {
    const backup = await backupOfRun(deps.db, runId);
    const { tenantId } = backup;
    const listed = await inTenant(deps.db, tenantId, async (trx) => {
      // Policies chosen by id need no listing; the first part plans them.
      if (part === 'intune') await planPolicies(trx, backup, backup.policyIds, new Map());
      return listListedTypes(trx, backup);
    });
    const missing = backup.types.filter((type) => partOf(type) === part && !listed.has(type.type));
    await heartbeating(() =>
      forEachConcurrent(concurrentListings, missing, async (type) => {
        await listForBackup(deps, backup, type, 'all');
      }),
    );
    return {
      planned: await inTenant(deps.db, tenantId, (trx) => countOrdinals(trx, runId)),
    };
  };
}
