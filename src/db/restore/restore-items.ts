import type { TenantTrx } from '#db/database.ts';
import type { RestoreItemRow, RunItemRow } from '#db/tables.ts';

/** An item of a restore, with columns of its run item. */
export type RestoreItem = RestoreItemRow &
  Pick<
    RunItemRow,
    | 'backup_item_id'
    | 'policy_id'
    | 'policy_type'
    | 'display_name'
    | 'graph_id'
    | 'outcome'
    | 'attempts'
    | 'ordinal'
  >;

/**
 * The offset makes Postgres look up item by item through the key: without statistics of a new run it chooses bad joins,
 * and may read every row for each page.
 */
function selectRestoreItems(trx: TenantTrx, runId: string) {
  return trx
    .selectFrom('run_items')
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('restore_items as planned')
          .selectAll('planned')
          .whereRef('planned.tenant_id', '=', 'run_items.tenant_id')
          .whereRef('planned.run_id', '=', 'run_items.run_id')
          .whereRef('planned.item_id', '=', 'run_items.item_id')
          .offset(0)
          .as('restore_items'),
      (join) => join.onTrue(),
    )
    .selectAll('restore_items')
    .select([
      'run_items.backup_item_id',
      'run_items.policy_id',
      'run_items.policy_type',
      'run_items.display_name',
      'run_items.graph_id',
      'run_items.outcome',
      'run_items.attempts',
      'run_items.ordinal',
    ])
    .where('run_items.tenant_id', '=', trx.tenantId)
    .where('run_items.run_id', '=', runId);
}

/** Lists the pending items of a range without a plan, or with a plan to leave the object alone, in order. */
export function listItemsToPlan(
  trx: TenantTrx,
  runId: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<RestoreItem[]> {
  return selectRestoreItems(trx, runId)
    .where('run_items.ordinal', '>=', from)
    .where('run_items.ordinal', '<', to)
    .where('run_items.outcome', '=', 'pending')
    .where((eb) =>
      eb.or([eb('restore_items.action', 'is', null), eb('restore_items.action', '=', 'none')]),
    )
    .orderBy('run_items.ordinal')
    .execute();
}

/** Finds the item with a write number. */
export function findItemToWrite(
  trx: TenantTrx,
  runId: string,
  number: number,
): Promise<RestoreItem | undefined> {
  return selectRestoreItems(trx, runId)
    .where('run_items.item_id', '=', (eb) =>
      eb
        .selectFrom('restore_items as numbered')
        .select('numbered.item_id')
        .where('numbered.tenant_id', '=', trx.tenantId)
        .where('numbered.run_id', '=', runId)
        .where('numbered.write_number', '=', number),
    )
    .executeTakeFirst();
}

/** Lists the items of a plan in order, after an ordinal. */
export function listPlanItems(
  trx: TenantTrx,
  runId: string,
  page: { readonly after: number; readonly limit: number },
): Promise<RestoreItem[]> {
  return selectRestoreItems(trx, runId)
    .where('run_items.ordinal', '>', page.after)
    .orderBy('run_items.ordinal')
    .limit(page.limit)
    .execute();
}

/** Lists the items of a run planned as created or blocked. */
export function listTakenOverItems(
  trx: TenantTrx,
  runId: string,
): Promise<
  Pick<RestoreItem, 'item_id' | 'backup_item_id' | 'policy_type' | 'action' | 'blocked_code'>[]
> {
  return selectRestoreItems(trx, runId)
    .clearSelect()
    .select([
      'restore_items.item_id',
      'run_items.backup_item_id',
      'run_items.policy_type',
      'restore_items.action',
      'restore_items.blocked_code',
    ])
    .where('restore_items.action', 'in', ['create', 'blocked'])
    .execute();
}
