import { inTenant } from '../db/database.ts';
import { listPendingItems } from '../db/backup-plans.ts';
import { recordItemOutcome } from '../db/run-items.ts';
import { requestRunCancel } from '../db/runs.ts';
import type { MirrorActivities } from '../domain/activity-types.ts';
import { failure } from '../domain/failure.ts';
import type { ActivityDeps } from './deps.ts';
import { endRun } from './end-run.ts';
import { runOf } from './run-of.ts';

/** See {@link MirrorActivities.finishRun}. */
export function createFinishRun({ db }: ActivityDeps): MirrorActivities['finishRun'] {
  return async ({ runId, ending }) => {
    const { tenant_id } = await runOf(db, runId);
    await inTenant(db, tenant_id, (trx) => endRun(trx, tenant_id, runId, ending));
  };
}

/** See {@link MirrorActivities.failRunItem}. */
export function createFailRunItem({ db }: ActivityDeps): MirrorActivities['failRunItem'] {
  return async ({ runId, itemId, failure: { code, context } }) => {
    const { tenant_id } = await runOf(db, runId);
    await inTenant(db, tenant_id, (trx) =>
      recordItemOutcome(trx, tenant_id, runId, itemId, {
        outcome: 'failed',
        error: failure(code, context),
      }),
    );
  };
}

/** See {@link MirrorActivities.failRunItems}. */
export function createFailRunItems({ db }: ActivityDeps): MirrorActivities['failRunItems'] {
  return async ({ runId, from, to, failure: { code, context } }) => {
    const { tenant_id } = await runOf(db, runId);
    await inTenant(db, tenant_id, async (trx) => {
      for (const item of await listPendingItems(trx, tenant_id, runId, { from, to })) {
        await recordItemOutcome(trx, tenant_id, runId, item.item_id, {
          outcome: 'failed',
          error: failure(code, context),
        });
      }
    });
  };
}

/** See {@link MirrorActivities.noteCancelRequest}. */
export function createNoteCancelRequest({
  db,
}: ActivityDeps): MirrorActivities['noteCancelRequest'] {
  return async ({ runId }) => {
    const { tenant_id } = await runOf(db, runId);
    await inTenant(db, tenant_id, (trx) => requestRunCancel(trx, tenant_id, runId));
  };
}
