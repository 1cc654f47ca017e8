import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { TenantTrx } from '#db/database.ts';
import { addToRunCounts } from '#db/run/run-counts.ts';
import type { RunItemRow } from '#db/tables.ts';
import { activeRunStatuses } from '#domain/run/run.ts';

/** Returns the first free ordinal, equal to the number of ordinals used. */
export async function countOrdinals(trx: TenantTrx, runId: string): Promise<number> {
  const { next } = await trx
    .selectFrom('run_items')
    .select(sql<number>`coalesce(max(ordinal) + 1, 0)`.as('next'))
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', runId)
    .executeTakeFirstOrThrow();
  return next;
}

/** Lists the pending items of a run with ordinals in the range; `to` is exclusive. */
export function listPendingItems(
  trx: TenantTrx,
  runId: string,
  range: { readonly from: number; readonly to: number },
): Promise<RunItemRow[]> {
  return trx
    .selectFrom('run_items')
    .selectAll()
    .where('tenant_id', '=', trx.tenantId)
    .where('run_id', '=', runId)
    .where('ordinal', '>=', range.from)
    .where('ordinal', '<', range.to)
    .where('outcome', '=', 'pending')
    .orderBy('ordinal')
    .execute();
}

/**
 * Adds a failed item to a run for a type without a listing. A retry is a no-op, and so is a call after the end of the
 * run.
 */
export async function insertFailedListing(
  trx: TenantTrx,
  item: {
    readonly runId: string;
    readonly policyType: string;
    readonly displayName: string;
    readonly error: { readonly code: string; readonly message: string; readonly context: object };
  },
): Promise<void> {
  const { numAffectedRows } = await sql`
    insert into run_items (tenant_id, run_id, item_id, policy_type, display_name, action, outcome,
      error_code, error_message, error_context, started_at, finished_at)
    select ${trx.tenantId}, ${item.runId}, ${uuidv7()}::uuid, ${item.policyType}, ${item.displayName}, 'capture', 'failed',
      ${item.error.code}, ${item.error.message}, ${JSON.stringify(item.error.context)}::jsonb, now(), now()
    where not exists (select from run_items where tenant_id = ${trx.tenantId} and run_id = ${item.runId}
      and policy_type = ${item.policyType} and policy_id is null)
    and exists (select from runs where tenant_id = ${trx.tenantId} and id = ${item.runId}
      and status in (${sql.join(activeRunStatuses)}) for update)`.execute(trx);
  if (numAffectedRows === 1n) await addToRunCounts(trx, item.runId, { total: 1, failed: 1 });
}
