import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';
import { addToRunCounts } from '#db/run/run-counts.ts';
import type { SnapshotCipher } from '#db/snapshot/snapshot-cipher.ts';
import type { RestoreItemRow, RunItemRow } from '#db/tables.ts';
import type { FoundBy, ItemPlan, PlannedAction } from '#domain/restore/plan.ts';
import { readStoredPlan, storedPlanText } from '#domain/restore/stored-plan.ts';

/** An item of a restore before it is planned: what it is, and which object of the tenant it is for. */
export interface NewRestoreItem {
  readonly itemId: string;
  readonly backupItemId: string | null;
  readonly policyType: string;
  readonly displayName: string;
  readonly sourceTenantId: string;
  readonly sourceGraphId: string;
  /** Of the content to be restored; null for what is to be deleted. */
  readonly sha256: Buffer | null;
  /** Items of a group are written together, after those of lower groups. */
  readonly group: number;
  readonly targetGraphId: string | null;
  readonly targetFoundBy: FoundBy | null;
  /** How many objects it might be for, where that is the reason why none was chosen. */
  readonly targetCandidates: number;
  /** What was planned long before: known from the start for what is to be deleted. */
  readonly planned: { readonly action: 'delete'; readonly liveHash: string | null } | null;
}

/** Rows of one statement: their columns stay far below what a message of Postgres may hold. */
const rowsPerStatement = 1_000;

/** Inserts the items of a restore in the order in which they are to be written, and counts them into the run. */
export async function insertRestoreItems(
  trx: TenantTrx,
  runId: string,
  items: readonly NewRestoreItem[],
): Promise<void> {
  for (let from = 0; from < items.length; from += rowsPerStatement) {
    const chunk = items.slice(from, from + rowsPerStatement);
    await trx
      .insertInto('run_items')
      .values(
        chunk.map((item, index) => ({
          tenant_id: trx.tenantId,
          run_id: runId,
          item_id: item.itemId,
          backup_item_id: item.backupItemId,
          policy_id: null,
          policy_type: item.policyType,
          display_name: item.displayName,
          graph_id: item.targetGraphId,
          action: item.planned?.action ?? 'none',
          ordinal: from + index,
        })),
      )
      .execute();
    await trx
      .insertInto('restore_items')
      .values(
        chunk.map((item) => ({
          tenant_id: trx.tenantId,
          run_id: runId,
          item_id: item.itemId,
          source_tenant_id: item.sourceTenantId,
          source_graph_id: item.sourceGraphId,
          source_sha256: item.sha256,
          group_number: item.group,
          target_graph_id: item.targetGraphId,
          target_found_by: item.targetFoundBy,
          target_candidates: item.targetCandidates,
          action: item.planned?.action ?? null,
          live_hash: item.planned?.liveHash ?? null,
        })),
      )
      .execute();
  }
  await addToRunCounts(trx, runId, { total: items.length });
}

/** Takes over the items of a preview as they were planned, those of these backup items or all, for a run that carries them out. */
export async function copyRestorePlan(
  trx: TenantTrx,
  from: { readonly previewRunId: string; readonly backupItemIds: readonly string[] | null },
  runId: string,
): Promise<void> {
  const chosen =
    from.backupItemIds === null
      ? sql`true`
      : sql`i.backup_item_id = any (${[...from.backupItemIds]}::uuid[])`;
  const { rows } = await sql<{ item_id: string }>`
    insert into run_items (tenant_id, run_id, item_id, backup_item_id, policy_type, display_name,
      graph_id, action, warnings, ordinal)
    select i.tenant_id, ${runId}, i.item_id, i.backup_item_id, i.policy_type, i.display_name,
      r.target_graph_id, i.action, i.warnings, row_number() over (order by i.ordinal) - 1
    from run_items i
    join restore_items r on r.tenant_id = i.tenant_id and r.run_id = i.run_id and r.item_id = i.item_id
    where i.tenant_id = ${trx.tenantId} and i.run_id = ${from.previewRunId}
      and r.action is not null and ${chosen}
    returning item_id`.execute(trx);
  const columns = sql.raw(
    `item_id, source_tenant_id, source_graph_id, source_sha256, group_number, target_graph_id,
     target_found_by, target_candidates, action, blocked_code, assignments_blocked, live_hash,
     sha256, key_id, nonce, ciphertext`,
  );
  await sql`
    insert into restore_items (tenant_id, run_id, ${columns})
    select tenant_id, ${runId}, ${columns} from restore_items
    where tenant_id = ${trx.tenantId} and run_id = ${from.previewRunId}
      and item_id = any (${rows.map((row) => row.item_id)}::uuid[])`.execute(trx);
  await addToRunCounts(trx, runId, { total: rows.length });
}

/** What stands in the tenant for something that items of a restore refer to. */
export interface NewRestoreReference {
  readonly policyType: string;
  /** In lower case. */
  readonly sourceGraphId: string;
  readonly graphId: string | null;
  readonly foundBy: FoundBy | null;
  /** The item of this restore that makes it. */
  readonly itemId: string | null;
}

/** Keeps what the references of a restore resolve to. */
export async function insertRestoreReferences(
  trx: TenantTrx,
  runId: string,
  references: readonly NewRestoreReference[],
): Promise<void> {
  for (let from = 0; from < references.length; from += rowsPerStatement) {
    await trx
      .insertInto('restore_references')
      .values(
        references.slice(from, from + rowsPerStatement).map((reference) => ({
          tenant_id: trx.tenantId,
          run_id: runId,
          policy_type: reference.policyType,
          source_graph_id: reference.sourceGraphId,
          graph_id: reference.graphId,
          found_by: reference.foundBy,
          item_id: reference.itemId,
        })),
      )
      .execute();
  }
}

/** What the references of a restore resolve to. */
export function listRestoreReferences(
  trx: TenantTrx,
  runId: string,
): Promise<NewRestoreReference[]> {
  return trx
    .selectFrom('restore_references')
    .select([
      'policy_type as policyType',
      'source_graph_id as sourceGraphId',
      'graph_id as graphId',
      'found_by as foundBy',
      'item_id as itemId',
    ])
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', runId)
    .execute();
}

/** How many items a restore has. */
export async function countRestoreItems(trx: TenantTrx, runId: string): Promise<number> {
  const { count } = await trx
    .selectFrom('restore_items')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', runId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/**
 * Numbers the items that have no outcome yet, group by group; those that have a number keep it. Within a group they keep
 * their order, but those of slow types are spread evenly among the others, so that they never take up all lanes while the
 * others could go on.
 */
export async function numberWrites(
  trx: TenantTrx,
  runId: string,
  slowTypes: readonly string[],
): Promise<void> {
  await sql`
    update restore_items r set write_number = n.number
    from (
      select item_id, row_number() over (order by group_number, place, ordinal) - 1 as number
      from (
        select *, (row_number() over same_speed - 1)::double precision / count(*) over all_of_speed as place
        from (
          select i.item_id, i.ordinal, g.group_number, i.policy_type = any (${[...slowTypes]}::text[]) as is_slow
          from run_items i
          cross join lateral (
            select o.group_number from restore_items o
            where o.tenant_id = i.tenant_id and o.run_id = i.run_id and o.item_id = i.item_id offset 0) g
          where i.tenant_id = ${trx.tenantId} and i.run_id = ${runId} and i.outcome = 'pending'
        ) pending
        window all_of_speed as (partition by group_number, is_slow),
          same_speed as (all_of_speed order by ordinal)
      ) spread
    ) n
    where r.tenant_id = ${trx.tenantId} and r.run_id = ${runId} and r.item_id = n.item_id
      and not exists (select from restore_items o
        where o.tenant_id = ${trx.tenantId} and o.run_id = ${runId} and o.write_number is not null)`.execute(
    trx,
  );
}

/** The first number of each group of items that are written together, and the one after its last, in order. */
export async function listWriteGroups(
  trx: TenantTrx,
  runId: string,
): Promise<{ readonly from: number; readonly to: number }[]> {
  const { rows } = await sql<{ from: number; to: number }>`
    select min(write_number) as "from", max(write_number) + 1 as "to"
    from restore_items
    where tenant_id = ${trx.tenantId} and run_id = ${runId} and write_number is not null
    group by group_number order by group_number`.execute(trx);
  return rows;
}

/** An item of a restore with what is known of it as an item of its run. */
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
 * Item by item through the key: of a new run Postgres knows too little to choose well between joins, and may take each
 * page to be worth a look at every row.
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

/** The items of a range that have no outcome yet, and no plan or one to do nothing with them, in order. */
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

/** The item of a restore that is handed out by a number. */
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

/** The items of a plan in their order, after an ordinal. */
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

/** The items of a run whose plan means to create something, or to leave it alone. */
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

/** An item of a restore that has written, or may have. */
export interface UndoableItem {
  readonly itemId: string;
  readonly backupItemId: string | null;
  readonly policyType: string;
  readonly displayName: string;
  readonly graphId: string;
  readonly group: number;
  /** Of the content of the snapshot taken before the first write; null for what the restore has made. */
  readonly sha256: Buffer | null;
  readonly writtenHash: string | null;
}

/** What a restore has changed or made, in the order in which it was written. */
export async function listUndoableItems(trx: TenantTrx, runId: string): Promise<UndoableItem[]> {
  const { rows } = await sql<UndoableItem>`
    select i.item_id as "itemId", i.backup_item_id as "backupItemId", i.policy_type as "policyType",
      i.display_name as "displayName", coalesce(w.object_id, r.target_graph_id) as "graphId",
      r.group_number as "group", s.sha256, r.written_hash as "writtenHash"
    from restore_items r
    join run_items i on i.tenant_id = r.tenant_id and i.run_id = r.run_id and i.item_id = r.item_id
    left join snapshots s on s.tenant_id = r.tenant_id and s.id = r.snapshot_id
    left join graph_writes w on w.tenant_id = r.tenant_id and w.run_id = r.run_id
      and w.item_id = r.item_id and w.name = 'create' and w.object_id is not null
    where r.tenant_id = ${trx.tenantId} and r.run_id = ${runId}
      and (s.id is not null or w.object_id is not null) and r.action <> 'delete'
    order by i.ordinal`.execute(trx);
  return rows;
}

/** Keeps the plan of an item, its words and documents sealed. A later attempt at planning changes nothing any more. */
export async function recordItemPlan(
  trx: TenantTrx,
  cipher: SnapshotCipher,
  ref: { readonly runId: string; readonly itemId: string },
  plan: ItemPlan,
): Promise<boolean> {
  const content = Buffer.from(storedPlanText(plan), 'utf8');
  const sha256 = createHash('sha256').update(content).digest();
  const sealed = cipher.seal(trx.tenantId, sha256, content);
  const updated = await trx
    .updateTable('restore_items')
    .set({
      action: plan.action,
      blocked_code: plan.blockedBy?.code ?? null,
      assignments_blocked: plan.assignmentsBlocked,
      live_hash: plan.liveHash,
      sha256,
      key_id: sealed.keyId,
      nonce: sealed.nonce,
      ciphertext: sealed.ciphertext,
    })
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', ref.runId)
    .where('item_id', '=', ref.itemId)
    .where('action', 'is', null)
    .executeTakeFirst();
  if (updated.numUpdatedRows !== 1n) return false;
  await trx
    .updateTable('run_items')
    .set({
      action: shownAction(plan.action),
      warnings: JSON.stringify(plan.warnings),
    })
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', ref.runId)
    .where('item_id', '=', ref.itemId)
    .execute();
  return true;
}

/** A blocked item is one with which nothing is done. */
function shownAction(action: PlannedAction) {
  return action === 'blocked' ? 'none' : action;
}

/**
 * Opens the sealed plan of an item; null for items that are not planned, and for items to be deleted.
 * @throws SnapshotIntegrityError where the sealed bytes are damaged, StoredPlanError where the plan in them cannot be used.
 */
export function openItemPlan(
  cipher: SnapshotCipher,
  { tenant_id, sha256, key_id, nonce, ciphertext }: RestoreItemRow,
): ItemPlan | null {
  if (sha256 === null || key_id === null || nonce === null || ciphertext === null) return null;
  const content = cipher.open(tenant_id, sha256, { keyId: key_id, nonce, ciphertext });
  return readStoredPlan(content.toString('utf8'));
}

/** The objects that items of a run are or have made, by item; those that have none are left out. */
export async function listItemGraphIds(
  trx: TenantTrx,
  runId: string,
  itemIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (itemIds.length === 0) return new Map();
  const rows = await trx
    .selectFrom('run_items')
    .select(['item_id', 'graph_id'])
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', runId)
    .where('item_id', 'in', [...itemIds])
    .execute();
  return new Map(
    rows.flatMap(({ item_id, graph_id }) => (graph_id === null ? [] : [[item_id, graph_id]])),
  );
}

type ItemKey = { readonly runId: string; readonly itemId: string };

/** Notes that the object of an item was found as planned, and the snapshot taken of it, just before the first write. */
export async function noteCheckedItem(
  trx: TenantTrx,
  { runId, itemId }: ItemKey,
  snapshotId: string | null,
): Promise<void> {
  await trx
    .updateTable('restore_items')
    .set({ checked_at: sql<Date>`now()`, snapshot_id: snapshotId })
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', runId)
    .where('item_id', '=', itemId)
    .execute();
}

/** Notes how the object of an item reads after it was written. */
export async function noteWrittenHash(
  trx: TenantTrx,
  { runId, itemId }: ItemKey,
  writtenHash: string | null,
): Promise<void> {
  await trx
    .updateTable('restore_items')
    .set({ written_hash: writtenHash })
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', runId)
    .where('item_id', '=', itemId)
    .execute();
}
