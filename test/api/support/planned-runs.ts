import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { sealBackupSet } from '#db/backup/backup-manifests.ts';
import { inTenant } from '#db/database.ts';
import { recordItemPlan } from '#db/restore/item-plans.ts';
import { insertRestoreItems } from '#db/restore/new-restore-items.ts';
import { insertRun, transitionRun } from '#db/run/runs.ts';
import type { ItemPlan } from '#domain/restore/plan.ts';
import type { RunStatus } from '#domain/run/run.ts';
import { executeRestore, previewRestore, type RunRequest } from '#domain/run/run-requests.ts';
import type { ApiUnderTest } from './api-under-test.ts';
import { document, principalOf, type TenantWorld } from './world.ts';

/** A plan without changes. */
export const nothingToDo: ItemPlan = {
  action: 'none',
  changes: [],
  desired: document,
  liveHash: 'live',
  references: [],
  assignments: null,
  assignmentsBlocked: false,
  warnings: [],
  blockedBy: null,
};

/** A value that parsing and writing would change in many places. */
export const oddValue = '{"big":9007199254740993,"one":1.0,"text":"\\ud800"}';

/** A plan with one of everything. */
export const plannedUpdate: ItemPlan = {
  ...nothingToDo,
  action: 'update',
  changes: [
    { path: 'item.settings[a b]', before: oddValue, after: '1e400' },
    { path: 'item."__proto__"', before: 'null', after: '"****"' },
  ],
  references: [
    {
      ...{ policyType: 'scopeTag', sourceGraphId: '7', graphId: null },
      ...{ resolution: 'planned', itemId: 'the-item' },
    },
  ],
  assignments: {
    before: [],
    after: [
      {
        ...{ target: 'groupAssignmentTarget', groupId: 'g', groupDisplayName: 'Everybody' },
        ...{ filterId: null, filterType: null, intent: null },
      },
    ],
  },
  warnings: [{ code: 'group_unmapped', message: 'The tenant has no group for it.' }],
};

/** An item of a planned run, in the order of writing. */
export interface PlannedItem {
  readonly backupItemId: string | null;
  readonly displayName?: string;
  readonly sourceTenantId?: string;
  readonly graphId?: string | null;
  /** null for a deletion and for an unplanned item. */
  readonly plan: ItemPlan | 'delete' | 'not yet';
}

/** Adds a run with plans, as a restore's workflow leaves it. Returns its id. */
export function addPlannedRun(
  { database, cipher }: ApiUnderTest,
  work: RunRequest,
  items: readonly PlannedItem[],
  status: RunStatus = 'succeeded',
): Promise<string> {
  const { tenantId } = work;
  const runId = uuidv7();
  return inTenant(database.app.db, tenantId, async (trx) => {
    const run = await insertRun(trx, {
      ...work,
      id: runId,
      // Another key: a test may start an equal request.
      idempotencyKey: randomBytes(32).toString('hex'),
      initiator: { id: principalOf('owner'), displayName: 'The Owner' },
    });
    if (run === undefined) throw new Error('another run writes to the tenant');
    if (status !== 'queued') await transitionRun(trx, runId, 'running');
    const rows = items.map((item) => ({ ...item, itemId: uuidv7() }));
    await insertRestoreItems(
      trx,
      runId,
      rows.map(({ itemId, backupItemId, plan, displayName, sourceTenantId, graphId }, at) => ({
        ...{ itemId, backupItemId, policyType: 'settingsCatalogPolicy', group: at },
        displayName: displayName ?? 'Disk encryption',
        sourceTenantId: sourceTenantId ?? tenantId,
        ...{ sourceGraphId: 'g-1', sha256: null, targetCandidates: 0 },
        targetGraphId: graphId ?? null,
        targetFoundBy: (graphId ?? null) === null ? null : 'id',
        planned: plan === 'delete' ? { action: 'delete', liveHash: 'live' } : null,
      })),
    );
    for (const { itemId, plan } of rows) {
      if (typeof plan === 'string') continue;
      await recordItemPlan(trx, cipher, { runId, itemId }, plan);
    }
    if (status !== 'queued' && status !== 'running') {
      await transitionRun(trx, runId, status);
    }
    return runId;
  });
}

/** Finishes a tenant's backup set for restores. Returns the id of its only item. */
export function finishBackupSet(
  { database }: ApiUnderTest,
  { tenantId, backupSetId }: Pick<TenantWorld, 'tenantId' | 'backupSetId'>,
): Promise<string> {
  return inTenant(database.app.db, tenantId, async (trx) => {
    await sealBackupSet(trx, backupSetId, { whole: true });
    const item = await trx
      .selectFrom('backup_set_items')
      .select('backup_item_id')
      .where('tenant_id', '=', tenantId)
      .where('backup_set_id', '=', backupSetId)
      .executeTakeFirstOrThrow();
    return item.backup_item_id;
  });
}

/** Adds a finished preview and a finished restore of a tenant's backup set. */
export async function addEndedRestores(
  api: ApiUnderTest,
  world: Pick<TenantWorld, 'tenantId' | 'backupSetId'>,
): Promise<{ readonly previewRunId: string; readonly restoreRunId: string }> {
  const { tenantId, backupSetId } = world;
  const backupItemId = await finishBackupSet(api, world);
  const item = { backupItemId, graphId: 'g-1', plan: nothingToDo };
  return {
    previewRunId: await addPlannedRun(api, previewRestore(tenantId, { backupSetId }), [item]),
    restoreRunId: await addPlannedRun(api, executeRestore(tenantId, { backupSetId }), [item]),
  };
}
