import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { runOf } from '#activities/runtime/run-of.ts';
import { inTenant } from '#db/database.ts';
import { closePendingItems, recordItemOutcome } from '#db/run/run-items.ts';
import { requestRunCancel } from '#db/run/runs.ts';
import type { RunStateActivities } from '#domain/run/activity-types.ts';
import { failure } from '#domain/run/failure.ts';
import { endRun } from './end-run.ts';

/** See {@link RunStateActivities.finishRun}. */
export function createFinishRun({ db }: ActivityDeps): RunStateActivities['finishRun'] {
  return async ({ runId, ending }) => {
    const { tenant_id } = await runOf(db, runId);
    await inTenant(db, tenant_id, (trx) => endRun(trx, runId, ending));
  };
}

/** See {@link RunStateActivities.failRunItem}. */
export function createFailRunItem({ db }: ActivityDeps): RunStateActivities['failRunItem'] {
  return async ({ runId, itemId, failure: { code, context } }) => {
    const { tenant_id } = await runOf(db, runId);
    await inTenant(db, tenant_id, (trx) =>
      recordItemOutcome(trx, runId, itemId, {
        outcome: 'failed',
        error: failure(code, context),
      }),
    );
  };
}

/** See {@link RunStateActivities.failRunItems}. */
export function createFailRunItems({ db }: ActivityDeps): RunStateActivities['failRunItems'] {
  return async ({ runId, from, to, failure: { code, context } }) => {
    const { tenant_id } = await runOf(db, runId);
    const failed = { outcome: 'failed', error: failure(code, context) } as const;
    await inTenant(db, tenant_id, (trx) => closePendingItems(trx, runId, failed, { from, to }));
  };
}

/** See {@link RunStateActivities.noteCancelRequest}. */
export function createNoteCancelRequest({
  db,
}: ActivityDeps): RunStateActivities['noteCancelRequest'] {
  return async ({ runId }) => {
    const { tenant_id } = await runOf(db, runId);
    await inTenant(db, tenant_id, (trx) => requestRunCancel(trx, runId));
  };
}
