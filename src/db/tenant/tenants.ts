import { v7 as uuidv7 } from 'uuid';
import type { DispatcherTrx, PrincipalsTrx, TenantTrx } from '#db/database.ts';
import { type Page, type PageRequest, toPage } from '#db/page.ts';
import type { TenantRow } from '#db/tables.ts';
import type { Role } from '#domain/identity/role.ts';

/** Inserts the transaction's tenant. Returns false if it is registered already. */
export async function insertTenant(
  trx: TenantTrx,
  tenant: { displayName: string; createdBy: string },
): Promise<boolean> {
  const inserted = await trx
    .insertInto('tenants')
    .values({
      tenant_id: trx.tenantId,
      row_id: uuidv7(),
      display_name: tenant.displayName,
      created_by: tenant.createdBy,
    })
    .onConflict((conflict) => conflict.column('tenant_id').doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n;
}

/** Finds the transaction's tenant; undefined if it is not registered. */
export function findTenant(trx: TenantTrx): Promise<TenantRow | undefined> {
  return trx
    .selectFrom('tenants')
    .selectAll()
    .where('tenant_id', '=', trx.tenantId)
    .executeTakeFirst();
}

/** A tenant with the roles of the caller's principals in it. */
export interface TenantMembership extends TenantRow {
  readonly roles: Role[];
}

/** Lists the tenants with a member among the transaction's principals, newest registration first. */
export async function listTenantsOfPrincipals(
  trx: PrincipalsTrx,
  page: PageRequest,
): Promise<Page<TenantMembership>> {
  const rows = await trx
    .selectFrom('tenants')
    .innerJoin('members', 'members.tenant_id', 'tenants.tenant_id')
    .selectAll('tenants')
    .select((eb) => eb.fn.agg<Role[]>('array_agg', ['members.role']).as('roles'))
    .where('members.principal_id', 'in', [...trx.principalIds])
    .$if(page.before !== null, (query) => query.where('tenants.row_id', '<', page.before))
    .groupBy('tenants.tenant_id')
    .orderBy('tenants.row_id', 'desc')
    .limit(page.limit + 1)
    .execute();
  return toPage(rows, page.limit, (row) => row.row_id);
}

/**
 * Lists the ids of all tenants in ascending order.
 * @param after the last id of the previous page, or null.
 */
export async function listTenantsForRounds(
  trx: DispatcherTrx,
  page: { readonly after: string | null; readonly limit: number },
): Promise<string[]> {
  const rows = await trx
    .selectFrom('tenants')
    .select('tenant_id')
    .$if(page.after !== null, (query) => query.where('tenant_id', '>', page.after))
    .orderBy('tenant_id')
    .limit(page.limit)
    .execute();
  return rows.map((row) => row.tenant_id);
}
