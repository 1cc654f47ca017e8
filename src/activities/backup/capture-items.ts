import { cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { permanentFailure, toActivityFailure } from '#activities/runtime/activity-failure.ts';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { failureOfActivity } from '#activities/runtime/failure-of-activity.ts';
import { heartbeating } from '#activities/runtime/heartbeating.ts';
import { inParallel } from '#activities/runtime/in-parallel.ts';
import { listPendingItems } from '#db/backup/backup-plans.ts';
import { type CapturedItem, countItemAttempts, recordCaptures } from '#db/backup/captures.ts';
import { inTenant } from '#db/database.ts';
import { markPolicyAbsent } from '#db/inventory/policies.ts';
import { recordItemOutcome } from '#db/run/run-items.ts';
import type { RunItemRow } from '#db/tables.ts';
import { findPolicyType } from '#domain/policy-types/catalogue.ts';
import type { GraphActivities } from '#domain/run/activity-types.ts';
import { capturePolicy } from '#graph/capture/capture-policy.ts';
import { budgetExhaustedCode } from '#graph/lanes/budget-wait.ts';
import { GraphError } from '#graph/port/graph-error.ts';
import { type BackupOfRun, backupOfRun } from './backup-of-run.ts';
import { capturedItem } from './captured-item.ts';

/** Policies read at once: together they fill a batch of Graph. */
const concurrentReads = 20;
/** Captured text that waits to be written together; what is larger is written at once, to bound the memory of a worker. */
const unwrittenCharsMax = 8 * 1024 * 1024;

/**
 * See {@link GraphActivities.captureItems}. Each item has an outcome or an attempt of its own; the activity fails, to be
 * tried again, as long as some item has no outcome, and then takes up those alone.
 */
export function createCaptureItems(deps: ActivityDeps): GraphActivities['captureItems'] {
  return async ({ runId, from, to }) => {
    const backup = await backupOfRun(deps.db, runId);
    const { tenantId } = backup;
    const items = await inTenant(deps.db, tenantId, async (trx) => {
      const pending = await listPendingItems(trx, runId, { from, to });
      const ids = pending.map(({ item_id }) => item_id);
      await countItemAttempts(trx, runId, ids, 1);
      return pending;
    });
    const unwritten = createUnwritten(deps, backup);
    const retries: Retry[] = [];
    await heartbeating(async () => {
      try {
        await inParallel(concurrentReads, items, async (item) => {
          const retry = await captureOne(deps, backup, item, unwritten);
          if (retry !== undefined) retries.push(retry);
        });
      } finally {
        // Also on cancellation: what is captured is captured.
        await unwritten.write();
      }
    });
    const [first] = retries;
    if (first === undefined) return;
    const unasked = retries.flatMap(({ itemId, asked }) => (asked ? [] : [itemId]));
    await inTenant(deps.db, tenantId, (trx) => countItemAttempts(trx, runId, unasked, -1));
    throw latestOf(first, retries).failure;
  };
}

/** An item that is worth another attempt. */
interface Retry {
  readonly itemId: string;
  readonly failure: ApplicationFailure;
  /** False when the tenant's budget had no room: then it was no attempt. */
  readonly asked: boolean;
}

/** Captures waiting to be written in one transaction. */
function createUnwritten({ db, cipher }: ActivityDeps, { tenantId, runId }: BackupOfRun) {
  let waiting: CapturedItem[] = [];
  let chars = 0;
  async function write(): Promise<void> {
    const captured = waiting;
    waiting = [];
    chars = 0;
    if (captured.length === 0) return;
    await inTenant(db, tenantId, (trx) => recordCaptures(trx, cipher, runId, captured));
  }
  return {
    write,
    async add(item: CapturedItem): Promise<void> {
      waiting.push(item);
      chars += item.snapshot.document.length;
      if (chars > unwrittenCharsMax) await write();
    },
  };
}

/** Captures one item or records why it cannot be. @returns what is worth another attempt. */
async function captureOne(
  deps: ActivityDeps,
  backup: BackupOfRun,
  item: RunItemRow,
  unwritten: ReturnType<typeof createUnwritten>,
): Promise<Retry | undefined> {
  const type = findPolicyType(item.policy_type);
  const { policy_id: policyId, graph_id: graphId } = item;
  if (type === undefined || policyId === null || graphId === null) {
    throw permanentFailure('internal_error', { itemId: item.item_id });
  }
  try {
    const captured = await capturePolicy(deps.graph.readerFor(backup.tenantId), type, graphId, {
      signal: cancellationSignal(),
      assignments: backup.assignments,
    });
    await unwritten.add(capturedItem({ itemId: item.item_id, policyId, graphId }, captured, type));
    return undefined;
  } catch (error) {
    const failed = toActivityFailure(error, {
      notFound: 'policy_gone',
      context: { itemId: item.item_id, policyId, permission: type.readPermission },
      attempt: item.attempts + 1,
    });
    if (!(failed instanceof ApplicationFailure)) throw failed;
    if (failed.nonRetryable !== true) {
      const waited = error instanceof GraphError && error.code === budgetExhaustedCode;
      return { itemId: item.item_id, failure: failed, asked: !waited };
    }
    const isGone = error instanceof GraphError && error.kind === 'not_found';
    await recordFailure(deps, backup, item, failed, isGone);
    return undefined;
  }
}

async function recordFailure(
  { db }: ActivityDeps,
  { tenantId, runId }: BackupOfRun,
  item: RunItemRow,
  failed: ApplicationFailure,
  isGone: boolean,
): Promise<void> {
  await inTenant(db, tenantId, async (trx) => {
    if (isGone) await markPolicyAbsent(trx, item.policy_id ?? '');
    await recordItemOutcome(trx, runId, item.item_id, {
      outcome: 'failed',
      error: failureOfActivity(failed),
    });
  });
}

/** The failure that says to come back last: before that, some item would only be refused again. */
function latestOf(first: Retry, retries: readonly Retry[]): Retry {
  const delayOf = ({ failure: { nextRetryDelay } }: Retry) => Number(nextRetryDelay ?? 0);
  return retries.reduce((latest, one) => (delayOf(one) > delayOf(latest) ? one : latest), first);
}
