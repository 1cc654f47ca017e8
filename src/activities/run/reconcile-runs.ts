import { activityInfo } from '@temporalio/activity';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { asDispatcher, inTenant } from '#db/database.ts';
import { type DispatcherRun, listStaleActiveRuns } from '#db/run/runs.ts';
import type { RunStateActivities } from '#domain/run/activity-types.ts';
import { reconcilerType } from '#domain/run/reconciler.ts';
import { dispatchRun, dispatchSecondsMax } from '#temporal/run/dispatch-run.ts';
import { decideReconciliation } from '#temporal/run/reconcile-decision.ts';
import { describeWorkflow } from '#temporal/run/workflow-state.ts';
import { removeSchedule } from '#temporal/schedule/ensure-schedule.ts';
import { endRun } from './end-run.ts';

/** A younger row may belong to a start in progress; a dispatch takes at most 9 s. */
const unchangedForSeconds = dispatchSecondsMax + 6;
/** Rows of one query, and questions to Temporal in flight. */
const batchSize = 100;
const parallelQuestions = 10;
/** The limit of one round; the next round follows soon. */
const batchesMax = 100;
/** The Temporal Schedule of earlier versions; it started a workflow for each round. */
const formerScheduleId = 'reconcile-runs';

/** See {@link RunStateActivities.reconcileRuns}. */
export function createReconcileRuns(deps: ActivityDeps): RunStateActivities['reconcileRuns'] {
  return async () => {
    const tally = { closed: 0, dispatched: 0 };
    let after: string | null = null;
    for (let batch = 0; batch < batchesMax; batch += 1) {
      const runs: DispatcherRun[] = await asDispatcher(deps.db, (trx) =>
        listStaleActiveRuns(trx, { unchangedForSeconds, after, limit: batchSize }),
      );
      for (let start = 0; start < runs.length; start += parallelQuestions) {
        const asked = runs.slice(start, start + parallelQuestions);
        await Promise.all(asked.map((run) => reconcileOne(deps, run, tally)));
      }
      after = runs.at(-1)?.id ?? null;
      if (runs.length < batchSize) break;
    }
    await removeFormerSchedule(deps);
    return tally;
  };
}

/**
 * Removes the Schedule of earlier versions. Only a round of the loop may, because it proves that the loop works. An old
 * worker makes the Schedule again when it starts; the next round removes it.
 */
async function removeFormerSchedule({ temporal }: ActivityDeps): Promise<void> {
  if (activityInfo().workflowType !== reconcilerType) return;
  await removeSchedule(temporal.client, formerScheduleId);
}

async function reconcileOne(
  { db, temporal }: ActivityDeps,
  run: DispatcherRun,
  tally: { closed: number; dispatched: number },
): Promise<void> {
  if (run.status !== 'queued' && run.status !== 'running') return;
  const state = await describeWorkflow(temporal.client, run.idempotency_key);
  const decision = decideReconciliation(
    { id: run.id, status: run.status, cancelRequested: run.cancel_requested_at !== null },
    state,
  );
  if (decision.do === 'cancel') {
    await temporal.client.workflow.getHandle(run.idempotency_key, state?.workflowRunId).cancel();
  }
  if (decision.do === 'dispatch' && (await dispatchRun(temporal, run))) tally.dispatched += 1;
  if (decision.do === 'end') {
    const ended = await inTenant(db, run.tenant_id, (trx) => endRun(trx, run.id, decision.ending));
    if (ended) tally.closed += 1;
  }
}
