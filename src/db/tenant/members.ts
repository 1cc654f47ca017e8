import { v7 as uuidv7 } from 'uuid';
import type { TenantTrx } from '#db/database.ts';
import { type Page, type PageRequest, toPage } from '#db/page.ts';
import type { MemberRow } from '#db/tables.ts';
import { type Role, strongestRole } from '#domain/identity/role.ts';

/** Finds the strongest role of the principals in the tenant; null if none of them is a member. */
export async function findRole(
  trx: TenantTrx,
  principalIds: readonly string[],
): Promise<Role | null> {
  const rows = await trx
    .selectFrom('members')
    .select('role')
    .where('tenant_id', '=', trx.tenantId)
    .where('principal_id', 'in', [...principalIds])
    .execute();
  return strongestRole(rows.map((row) => row.role));
}

export function findMember(trx: TenantTrx, principalId: string): Promise<MemberRow | undefined> {
  return trx
    .selectFrom('members')
    .selectAll()
    .where('tenant_id', '=', trx.tenantId)
    .where('principal_id', '=', principalId)
    .executeTakeFirst();
}

/** The members of a tenant, newest first. */
export async function listMembers(trx: TenantTrx, page: PageRequest): Promise<Page<MemberRow>> {
  const rows = await trx
    .selectFrom('members')
    .selectAll()
    .where('tenant_id', '=', trx.tenantId)
    .$if(page.before !== null, (query) => query.where('row_id', '<', page.before))
    .orderBy('row_id', 'desc')
    .limit(page.limit + 1)
    .execute();
  return toPage(rows, page.limit, (row) => row.row_id);
}

/** Inserts a member, or updates its role and names. */
export function upsertMember(
  trx: TenantTrx,
  member: Pick<MemberRow, 'principal_id' | 'kind' | 'display_name' | 'role'>,
): Promise<MemberRow> {
  return trx
    .insertInto('members')
    .values({ tenant_id: trx.tenantId, row_id: uuidv7(), ...member })
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'principal_id']).doUpdateSet({
        kind: member.kind,
        display_name: member.display_name,
        role: member.role,
        updated_at: new Date(),
      }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Deletes a member. Returns false if the tenant has no such member. */
export async function deleteMember(trx: TenantTrx, principalId: string): Promise<boolean> {
  const deleted = await trx
    .deleteFrom('members')
    .where('tenant_id', '=', trx.tenantId)
    .where('principal_id', '=', principalId)
    .executeTakeFirst();
  return deleted.numDeletedRows === 1n;
}

/**
 * Locks the owners of a tenant and returns their principal ids. Without the lock, two requests could each see the
 * other's owner and remove the last two.
 */
export async function lockOwners(trx: TenantTrx): Promise<string[]> {
  const rows = await trx
    .selectFrom('members')
    .select('principal_id')
    .where('tenant_id', '=', trx.tenantId)
    .where('role', '=', 'owner')
    .forUpdate()
    .execute();
  return rows.map((row) => row.principal_id);
}
