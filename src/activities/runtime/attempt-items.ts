import { ApplicationFailure } from '@temporalio/common';
import type { Kysely } from 'kysely';
import { countItemAttempts } from '#db/run/item-attempts.ts';
import { inTenant, type TenantTrx } from '#db/database.ts';
import { recordItemOutcome } from '#db/run/run-items.ts';
import type { Database, RunItemRow } from '#db/tables.ts';
import { forEachConcurrent } from '#domain/concurrency/concurrent.ts';
import { findPolicyType } from '#domain/policy-types/catalogue.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import type { FailureContext } from '#domain/run/failure.ts';
import { budgetExhaustedCode } from '#graph/lanes/budget-wait.ts';
import { GraphError } from '#graph/port/graph-error.ts';
import { permanentFailure, toActivityFailure } from './activity-failure.ts';
import { failureOfActivity } from './failure-of-activity.ts';

/** Items in flight: their reads fill a batch of Graph. */
const concurrentItems = 20;

/** The columns of an item that an attempt needs. */
type AttemptedItem = Pick<RunItemRow, 'item_id' | 'policy_type' | 'attempts'>;

/** One kind of work on the items of a run. */
interface ItemWork<Item> {
  /** Reads the items without an outcome. */
  readonly list: (trx: TenantTrx) => Promise<readonly Item[]>;
  readonly attempt: (item: Item, type: PolicyType) => Promise<void>;
  /** Further facts for the context of a failure. */
  readonly contextOf?: (item: Item) => FailureContext;
  /** Runs in the transaction of the outcome of an item whose object Graph answers 404 for. */
  readonly gone?: (trx: TenantTrx, item: Item) => Promise<void>;
}

/** A failed item that is worth another attempt. */
interface Retry {
  readonly itemId: string;
  readonly failure: ApplicationFailure;
  /** False when the tenant's budget had no room: Graph was not asked, so the attempt does not count. */
  readonly asked: boolean;
}

/**
 * Attempts the items of one activity and counts each attempt. An item with a permanent failure gets its outcome here.
 * @throws ApplicationFailure if items are worth another attempt: the failure with the longest delay, since an earlier
 * retry would only be refused again. The retry finds those items alone.
 */
export async function attemptItems<Item extends AttemptedItem>(
  db: Kysely<Database>,
  { tenantId, runId }: { readonly tenantId: string; readonly runId: string },
  work: ItemWork<Item>,
): Promise<void> {
  const items = await inTenant(db, tenantId, async (trx) => {
    const pending = await work.list(trx);
    const ids = pending.map(({ item_id: itemId }) => itemId);
    await countItemAttempts(trx, runId, ids, 1);
    return pending;
  });
  const retries: Retry[] = [];
  await forEachConcurrent(concurrentItems, items, async (item) => {
    const failed = await attemptOne(item, work);
    if (failed === undefined) return;
    if (failed.failure.nonRetryable !== true) retries.push(failed);
    else {
      await inTenant(db, tenantId, async (trx) => {
        if (failed.gone) await work.gone?.(trx, item);
        const error = failureOfActivity(failed.failure);
        await recordItemOutcome(trx, runId, item.item_id, { outcome: 'failed', error });
      });
    }
  });
  const [first] = retries;
  if (first === undefined) return;
  const unasked = retries.flatMap(({ itemId, asked }) => (asked ? [] : [itemId]));
  await inTenant(db, tenantId, (trx) => countItemAttempts(trx, runId, unasked, -1));
  throw retries.reduce((last, one) => (delayOf(one) > delayOf(last) ? one : last), first).failure;
}

const delayOf = ({ failure: { nextRetryDelay } }: Retry) => Number(nextRetryDelay ?? 0);

async function attemptOne<Item extends AttemptedItem>(
  item: Item,
  { attempt, contextOf }: ItemWork<Item>,
): Promise<(Retry & { readonly gone: boolean }) | undefined> {
  const itemId = item.item_id;
  const type = findPolicyType(item.policy_type);
  if (type === undefined) throw permanentFailure('internal_error', { itemId });
  try {
    await attempt(item, type);
    return undefined;
  } catch (error) {
    const failure = toActivityFailure(error, {
      notFound: 'policy_gone',
      context: { itemId, ...contextOf?.(item), permission: type.readPermission },
      attempt: item.attempts + 1,
    });
    if (!(failure instanceof ApplicationFailure)) throw failure;
    // A reader has tried to write: a bug of this code, not a failure of one item.
    if (failure.type === 'write_blocked') throw failure;
    const isGraph = error instanceof GraphError;
    const asked = !(isGraph && error.code === budgetExhaustedCode);
    return { itemId, failure, asked, gone: isGraph && error.kind === 'not_found' };
  }
}
