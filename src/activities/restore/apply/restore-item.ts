import { cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { restoreOfRun } from '#activities/restore/plan/restore-of-run.ts';
import {
  retryLater,
  permanentFailure,
  toActivityFailure,
} from '#activities/runtime/activity-failure.ts';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { failureOfActivity } from '#activities/runtime/failure-of-activity.ts';
import { heartbeating } from '#activities/runtime/heartbeating.ts';
import { runOf } from '#activities/runtime/run-of.ts';
import { inTenant } from '#db/database.ts';
import { listGraphWrites } from '#db/restore/graph-writes.ts';
import { findItemToWrite } from '#db/restore/restore-items.ts';
import { countItemAttempts } from '#db/run/item-attempts.ts';
import { type KnownOutcome, recordItemOutcome } from '#db/run/run-items.ts';
import { findPolicyType } from '#domain/policy-types/catalogue.ts';
import { createWriteName } from '#domain/restore/planned-write.ts';
import type { RestoreActivities } from '#domain/run/activity-types.ts';
import { failure } from '#domain/run/failure.ts';
import { budgetExhaustedCode } from '#graph/lanes/budget-wait.ts';
import { GraphError } from '#graph/port/graph-error.ts';
import type { GraphWriters } from '#graph/port/graph-writer.ts';
import { carryOutItem } from './carry-out-item.ts';
import { deleteCreated } from './delete-created.ts';
import type { ReachFailpoint } from './failpoint.ts';
import { replicationAttemptsMax, replicationMs } from './item-object.ts';
import { RetryLaterError, type ItemContext } from './restore-context.ts';

/** The part of an attempt that is reserved for recording its end. */
const recordingShare = 0.1;

/** See {@link RestoreActivities.restoreItem}. Only this activity receives a port that writes to tenants. */
export function createRestoreItem(
  deps: ActivityDeps,
  writers: GraphWriters,
  reached: ReachFailpoint,
): RestoreActivities['restoreItem'] {
  return async ({ runId, number }) => {
    const restore = await restoreOfRun(deps.db, runId);
    const { tenantId } = restore;
    const opened = await openItem(deps, tenantId, runId, number);
    if (opened === undefined) return;
    reached('item_opened');
    const { item, writes } = opened;
    const type = findPolicyType(item.policy_type);
    if (type === undefined) throw permanentFailure('internal_error', { itemId: item.item_id });
    const attemptMs = deps.settle.itemTimeoutMs * (1 - recordingShare);
    const context: ItemContext = {
      ...{ deps, restore, item, type, writes, reached },
      reader: deps.graph.readerFor(tenantId, {
        priority: 'restore',
        budgetWaitMs: deps.settle.budgetWaitMs,
      }),
      writer: writers.writerFor(tenantId),
      signal: AbortSignal.any([cancellationSignal(), AbortSignal.timeout(attemptMs)]),
      endsAtMs: performance.now() + attemptMs,
    };
    const outcome = await heartbeating(() => endOf(context));
    await inTenant(deps.db, tenantId, (trx) =>
      recordItemOutcome(trx, runId, item.item_id, outcome),
    );
    reached('outcome_recorded');
  };
}

/** See {@link RestoreActivities.failRestoreItem}. */
export function createFailRestoreItem({ db }: ActivityDeps): RestoreActivities['failRestoreItem'] {
  return async ({ runId, number, failure: { code, context } }) => {
    const { tenant_id: tenantId } = await runOf(db, runId);
    await inTenant(db, tenantId, async (trx) => {
      const item = await findItemToWrite(trx, runId, number);
      if (item === undefined) return;
      await recordItemOutcome(trx, runId, item.item_id, {
        outcome: 'failed',
        error: failure(code, context),
      });
    });
  };
}

/** Returns the item and counts this attempt; undefined if the item has an outcome. */
function openItem({ db }: ActivityDeps, tenantId: string, runId: string, number: number) {
  return inTenant(db, tenantId, async (trx) => {
    const item = await findItemToWrite(trx, runId, number);
    if (item?.outcome !== 'pending') return undefined;
    await countItemAttempts(trx, runId, [item.item_id], 1);
    const writes = await listGraphWrites(trx, { runId, itemId: item.item_id });
    return { item, writes };
  });
}

/** Returns the outcome of an item. @throws ApplicationFailure for a retry. */
async function endOf(context: ItemContext): Promise<KnownOutcome> {
  const { item, restore, writes } = context;
  // After its first write an item is finished: a half-written policy is worse than a late one.
  if (restore.cancelRequested && writes.length === 0) {
    return { outcome: 'skipped', error: failure('canceled') };
  }
  try {
    return await (item.action === 'delete' ? deleteCreated(context) : carryOutItem(context));
  } catch (error) {
    return failedOrAgain(context, error);
  }
}

async function failedOrAgain(context: ItemContext, error: unknown): Promise<KnownOutcome> {
  const { deps, restore, item } = context;
  const attempt = item.attempts + 1;
  const failed = translated(context, error, attempt);
  if (!(failed instanceof ApplicationFailure)) throw failed;
  if (failed.nonRetryable !== true) {
    const inVain = error instanceof RetryLaterError ? error.counts : !isBudgetWait(error);
    if (!inVain) {
      await inTenant(deps.db, restore.tenantId, (trx) =>
        countItemAttempts(trx, restore.runId, [item.item_id], -1),
      );
    }
    throw failed;
  }
  const { graphId, unsettled } = await knownObject(context);
  const reference = graphId === null ? {} : { graphId };
  const known = failureOfActivity(failed);
  const reason = unsettled ? failure('create_unsettled', known.context) : known;
  return { outcome: 'failed', error: reason, ...reference };
}

const isBudgetWait = (error: unknown) =>
  error instanceof GraphError && error.code === budgetExhaustedCode;

function translated({ item, type }: ItemContext, error: unknown, attempt: number): Error {
  if (error instanceof RetryLaterError) {
    const context = { ...error.context, itemId: item.item_id };
    return error.final
      ? permanentFailure(error.code, context)
      : retryLater(error.code, context, error.afterMs);
  }
  // The new object exists, but not yet for every reader and writer.
  const isNew =
    error instanceof GraphError && error.kind === 'not_found' && item.action === 'create';
  if (isNew && attempt < replicationAttemptsMax) {
    return retryLater('policy_gone', { itemId: item.item_id }, replicationMs);
  }
  return toActivityFailure(error, {
    notFound: 'policy_gone',
    context: { itemId: item.item_id, permission: type.writePermission },
    attempt,
  });
}

/** Returns the object of the item, and whether the fate of its create is unknown. */
async function knownObject({ deps, restore, item }: ItemContext) {
  const { tenantId, runId } = restore;
  const writes = await inTenant(deps.db, tenantId, (trx) =>
    listGraphWrites(trx, { runId, itemId: item.item_id }),
  );
  const create = writes.find(({ name }) => name === createWriteName);
  return {
    graphId: create?.object_id ?? item.target_graph_id,
    unsettled: create?.state === 'intended',
  };
}
