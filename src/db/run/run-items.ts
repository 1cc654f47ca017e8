import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';
import { type Page, type PageRequest, toPage } from '#db/page.ts';
import type { RunItemRow, Warning } from '#db/tables.ts';
import type { Failure } from '#domain/run/failure.ts';
import type { FailedItem } from '#domain/run/rerun.ts';
import type { ItemAction } from '#domain/run/run.ts';
import { addToRunCounts } from './run-counts.ts';

export interface NewRunItem {
  readonly itemId: string;
  readonly policyId: string | null;
  readonly policyType: string;
  readonly displayName: string;
  readonly graphId: string | null;
  readonly action: ItemAction;
}

/** Inserts the items of a run and adds them to its total. Call it once a run, in the transaction of the plan. */
export async function insertRunItems(
  trx: TenantTrx,
  runId: string,
  items: readonly NewRunItem[],
): Promise<void> {
  if (items.length === 0) return;
  await trx
    .insertInto('run_items')
    .values(
      items.map((item) => ({
        tenant_id: trx.tenantId,
        run_id: runId,
        item_id: item.itemId,
        policy_id: item.policyId,
        policy_type: item.policyType,
        display_name: item.displayName,
        graph_id: item.graphId,
        action: item.action,
      })),
    )
    .execute();
  await addToRunCounts(trx, runId, { total: items.length });
}

export type KnownOutcome = (
  | {
      readonly outcome: 'succeeded';
      readonly warnings?: readonly Warning[];
      readonly displayName?: string;
    }
  | { readonly outcome: 'failed' | 'skipped'; readonly error: Failure }
) & {
  /** The action taken, if not the planned one. */
  readonly action?: ItemAction;
  readonly graphId?: string;
};

/**
 * Records the outcome of an item and counts it into the run. The first outcome stands: for a retry after the commit, or
 * a late attempt, it is a no-op and returns false.
 */
export async function recordItemOutcome(
  trx: TenantTrx,
  runId: string,
  itemId: string,
  known: KnownOutcome,
): Promise<boolean> {
  const updated = await trx
    .updateTable('run_items')
    .set({
      ...outcomeColumns(known),
      ...(known.action === undefined ? {} : { action: known.action }),
      ...(known.graphId === undefined ? {} : { graph_id: known.graphId }),
      finished_at: sql`now()`,
    })
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', runId)
    .where('item_id', '=', itemId)
    .where('outcome', '=', 'pending')
    .executeTakeFirst();
  if (updated.numUpdatedRows !== 1n) return false;
  await addToRunCounts(trx, runId, { [known.outcome]: 1 });
  return true;
}

function outcomeColumns(known: KnownOutcome) {
  if (known.outcome === 'succeeded') {
    return {
      outcome: known.outcome,
      ...(known.warnings === undefined ? {} : { warnings: JSON.stringify(known.warnings) }),
      ...(known.displayName === undefined ? {} : { display_name: known.displayName }),
    };
  }
  return {
    outcome: known.outcome,
    error_code: known.error.code,
    error_message: known.error.message,
    error_context: JSON.stringify(known.error.context),
  };
}

/** Adds a warning to an item with any outcome; a repetition is a no-op. */
export async function addItemWarning(
  trx: TenantTrx,
  runId: string,
  itemId: string,
  warning: Warning,
): Promise<void> {
  const added = JSON.stringify([warning]);
  await sql`
    update run_items set warnings = warnings || ${added}::jsonb
    where tenant_id = ${trx.tenantId} and run_id = ${runId} and item_id = ${itemId}
      and not warnings @> ${added}::jsonb`.execute(trx);
}

/** The end of an item that was not done, for {@link recordItemFailures}. */
export interface ItemFailure {
  readonly itemId: string;
  readonly outcome: 'failed' | 'skipped';
  readonly error: Failure;
}

/** Records the failures of many items as {@link recordItemOutcome} records one, in one statement. */
export async function recordItemFailures(
  trx: TenantTrx,
  runId: string,
  failures: readonly ItemFailure[],
): Promise<void> {
  if (failures.length === 0) return;
  const { rows } = await sql<{ outcome: ItemFailure['outcome'] }>`
    update run_items i set outcome = f.outcome, error_code = f.code, error_message = f.message,
      error_context = f.context::jsonb, finished_at = now()
    from unnest(
      ${failures.map(({ itemId }) => itemId)}::uuid[],
      ${failures.map(({ outcome }) => outcome)}::text[],
      ${failures.map(({ error }) => error.code)}::text[],
      ${failures.map(({ error }) => error.message)}::text[],
      ${failures.map(({ error }) => JSON.stringify(error.context))}::text[]
    ) as f (item_id, outcome, code, message, context)
    where i.tenant_id = ${trx.tenantId} and i.run_id = ${runId} and i.item_id = f.item_id
      and i.outcome = 'pending'
    returning i.outcome`.execute(trx);
  const failed = rows.filter(({ outcome }) => outcome === 'failed').length;
  if (rows.length > 0) await addToRunCounts(trx, runId, { failed, skipped: rows.length - failed });
}

/**
 * Gives all pending items of a run the same outcome.
 * @param range restricts it to the ordinals from `from` to below `to`.
 */
export async function closePendingItems(
  trx: TenantTrx,
  runId: string,
  known: { readonly outcome: 'succeeded' } | Omit<ItemFailure, 'itemId'>,
  range?: { readonly from: number; readonly to: number },
): Promise<void> {
  let update = trx
    .updateTable('run_items')
    .set({ ...outcomeColumns(known), finished_at: sql`now()` })
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', runId)
    .where('outcome', '=', 'pending');
  if (range !== undefined) {
    update = update.where('ordinal', '>=', range.from).where('ordinal', '<', range.to);
  }
  const closed = Number((await update.executeTakeFirst()).numUpdatedRows);
  if (closed > 0) await addToRunCounts(trx, runId, { [known.outcome]: closed });
}

function selectItemsOfRun(trx: TenantTrx, runId: string) {
  return trx
    .selectFrom('run_items')
    .selectAll()
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', runId);
}

/** Lists all items of a small run in the order of the plan. */
export function listAllRunItems(trx: TenantTrx, runId: string): Promise<RunItemRow[]> {
  return selectItemsOfRun(trx, runId).orderBy('item_id').execute();
}

export function findRunItem(
  trx: TenantTrx,
  runId: string,
  itemId: string,
): Promise<RunItemRow | undefined> {
  return selectItemsOfRun(trx, runId).where('item_id', '=', itemId).executeTakeFirst();
}

/** Finds the first failed item of a run, in the order of the plan. */
export function findFirstFailedItem(
  trx: TenantTrx,
  runId: string,
): Promise<RunItemRow | undefined> {
  return selectItemsOfRun(trx, runId)
    .where('outcome', '=', 'failed')
    .orderBy('item_id')
    .limit(1)
    .executeTakeFirst();
}

/** Lists the failed items of a run, in the order of the plan. */
export async function listFailedItems(trx: TenantTrx, runId: string): Promise<FailedItem[]> {
  const rows = await selectItemsOfRun(trx, runId)
    .where('outcome', '=', 'failed')
    .orderBy('item_id')
    .execute();
  return rows.map((row) => ({
    policyType: row.policy_type,
    policyId: row.policy_id,
    backupItemId: row.backup_item_id,
  }));
}

/** Lists the items of a run, newest first. */
export async function listRunItems(
  trx: TenantTrx,
  runId: string,
  page: PageRequest,
): Promise<Page<RunItemRow>> {
  const rows = await selectItemsOfRun(trx, runId)
    .$if(page.before !== null, (query) => query.where('item_id', '<', page.before))
    .orderBy('item_id', 'desc')
    .limit(page.limit + 1)
    .execute();
  return toPage(rows, page.limit, (row) => row.item_id);
}
