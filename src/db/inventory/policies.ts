import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { TenantTrx } from '#db/database.ts';
import { type Page, type PageRequest, toPage } from '#db/page.ts';
import type { PolicyRow } from '#db/tables.ts';

export interface SeenPolicy {
  readonly graphId: string;
  readonly displayName: string;
  readonly platform: string | null;
  readonly lastModifiedAt: string | null;
  /** If undefined, the stored value stays. */
  readonly odataType?: string | null;
}

/** Writes one page of a listing into the inventory: new policies get an id, known ones are updated. */
export async function upsertSeenPolicies(
  trx: TenantTrx,
  policyType: string,
  seen: readonly SeenPolicy[],
): Promise<void> {
  // A page repeats an id if the list changed during the listing; the upsert would touch its row twice and fail.
  const unique = [...new Map(seen.map((policy) => [policy.graphId, policy])).values()];
  if (unique.length === 0) return;
  await trx
    .insertInto('policies')
    .values(
      unique.map((policy) => ({
        tenant_id: trx.tenantId,
        id: uuidv7(),
        policy_type: policyType,
        graph_id: policy.graphId,
        display_name: policy.displayName,
        platform: policy.platform,
        odata_type: policy.odataType ?? null,
        present: true,
        last_modified_at: policy.lastModifiedAt === null ? null : new Date(policy.lastModifiedAt),
        last_seen_at: sql<Date>`clock_timestamp()`,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'policy_type', 'graph_id']).doUpdateSet((eb) => ({
        display_name: eb.ref('excluded.display_name'),
        platform: eb.ref('excluded.platform'),
        odata_type: sql<string>`coalesce(excluded.odata_type, policies.odata_type)`,
        present: true,
        last_modified_at: eb.ref('excluded.last_modified_at'),
        last_seen_at: eb.ref('excluded.last_seen_at'),
      })),
    )
    .execute();
}

/** Reads the database's clock: only one clock can order listings of several workers. */
export async function databaseNow(trx: TenantTrx): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(trx);
  const now = rows[0]?.now;
  if (now === undefined) throw new Error('the database did not tell the time');
  return now;
}

/**
 * Ends a complete listing: marks all policies not seen since `listedSince` as absent. Returns the number of present
 * ones.
 */
export async function markUnseenPoliciesAbsent(
  trx: TenantTrx,
  policyType: string,
  listedSince: Date,
): Promise<number> {
  await trx
    .updateTable('policies')
    .set({ present: false })
    .where('tenant_id', '=', trx.tenantId)
    .where('policy_type', '=', policyType)
    .where('present', '=', true)
    .where('last_seen_at', '<', listedSince)
    .execute();
  const { present } = await trx
    .selectFrom('policies')
    .select((eb) => eb.fn.countAll<string>().as('present'))
    .where('tenant_id', '=', trx.tenantId)
    .where('policy_type', '=', policyType)
    .where('present', '=', true)
    .executeTakeFirstOrThrow();
  return Number(present);
}

export function findPolicyById(trx: TenantTrx, policyId: string): Promise<PolicyRow | undefined> {
  return trx
    .selectFrom('policies')
    .selectAll()
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', policyId)
    .executeTakeFirst();
}

/** Lists the policies of a tenant, newest first, optionally of one type or with a text in their names. */
export async function listPolicies(
  trx: TenantTrx,
  filter: { policyType?: string | undefined; nameContains?: string | undefined },
  page: PageRequest,
): Promise<Page<PolicyRow>> {
  let query = trx.selectFrom('policies').selectAll().where('tenant_id', '=', trx.tenantId);
  if (filter.policyType !== undefined) query = query.where('policy_type', '=', filter.policyType);
  if (filter.nameContains !== undefined) {
    query = query.where(
      sql<boolean>`position(lower(${filter.nameContains}) in lower(display_name)) > 0`,
    );
  }
  if (page.before !== null) query = query.where('id', '<', page.before);
  const rows = await query
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute();
  return toPage(rows, page.limit, (row) => row.id);
}

/** Marks a policy as gone from Graph. */
export async function markPolicyAbsent(trx: TenantTrx, policyId: string): Promise<void> {
  await trx
    .updateTable('policies')
    .set({ present: false })
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', policyId)
    .execute();
}

/** Lists the ids of a type's policies with these Graph ids, each once, in order. */
export async function listPolicyIdsByGraphIds(
  trx: TenantTrx,
  policyType: string,
  graphIds: readonly string[],
): Promise<string[]> {
  if (graphIds.length === 0) return [];
  const rows = await trx
    .selectFrom('policies')
    .select('id')
    .where('tenant_id', '=', trx.tenantId)
    .where('policy_type', '=', policyType)
    .where('graph_id', 'in', [...graphIds])
    .orderBy('id')
    .execute();
  return rows.map((row) => row.id);
}

/** Returns the ids of the tenant's policies among these. */
export async function listKnownPolicyIds(
  trx: TenantTrx,
  policyIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await trx
    .selectFrom('policies')
    .select('id')
    .where('tenant_id', '=', trx.tenantId)
    .where('id', 'in', [...policyIds])
    .execute();
  return new Set(rows.map((row) => row.id));
}
