import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { runOf } from '#activities/runtime/run-of.ts';
import { inTenant } from '#db/database.ts';
import { listGroups } from '#db/directory/directory-groups.ts';
import { insertRunItems, recordItemOutcome } from '#db/run/run-items.ts';
import { findRunById } from '#db/run/runs.ts';
import type { WholeRunActivities } from '#domain/run/activity-types.ts';
import { parametersOf } from '#domain/run/run-parameters.ts';

/** Records each cached group whose name contains the text of the run as a succeeded item. */
export function createCountGroups({ db }: ActivityDeps): WholeRunActivities['countGroups'] {
  return async ({ runId }) => {
    const { tenant_id: tenantId } = await runOf(db, runId);
    await inTenant(db, tenantId, async (trx) => {
      const run = await findRunById(trx, runId);
      const { nameContains } = parametersOf('directory.count', run?.parameters);
      const { rows } = await listGroups(trx, { nameContains }, { limit: 200, before: null });
      const items = rows.map((row) => ({
        ...{ itemId: row.row_id, policyType: 'group', displayName: row.display_name },
        ...{ policyId: null, graphId: row.group_id, action: 'none' as const },
      }));
      await insertRunItems(trx, runId, items);
      for (const { itemId } of items) {
        await recordItemOutcome(trx, runId, itemId, { outcome: 'succeeded' });
      }
    });
  };
}
