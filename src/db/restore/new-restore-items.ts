import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';
import { addToRunCounts } from '#db/run/run-counts.ts';
import type { FoundBy } from '#domain/restore/plan.ts';

/** An unplanned item of a restore, with its target in the tenant. */
export interface NewRestoreItem {
  readonly itemId: string;
  readonly backupItemId: string | null;
  readonly policyType: string;
  readonly displayName: string;
  readonly sourceTenantId: string;
  readonly sourceGraphId: string;
  /** The hash of the content to restore; null for an object to delete. */
  readonly sha256: Buffer | null;
  /** Items of a group are written together, after all lower groups. */
  readonly group: number;
  readonly targetGraphId: string | null;
  readonly targetFoundBy: FoundBy | null;
  /** The number of matching objects, if there were too many to choose one. */
  readonly targetCandidates: number;
  /** The plan of an object to delete, known from the start. */
  readonly planned: { readonly action: 'delete'; readonly liveHash: string | null } | null;
}

/** The parameters of so many rows stay far below the limit of a Postgres message. */
export const rowsPerStatement = 1_000;

/** Inserts the items of a restore in the order of their writes, and counts them into the run. */
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

/** Copies the planned items of a preview, all or the chosen ones, into the run of its restore. */
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

/** Counts the items of a restore. */
export async function countRestoreItems(trx: TenantTrx, runId: string): Promise<number> {
  const { count } = await trx
    .selectFrom('restore_items')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', runId)
    .executeTakeFirstOrThrow();
  return Number(count);
}
