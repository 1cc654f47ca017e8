import { inTenant, type TenantTrx } from '#db/database.ts';
import { findRole } from '#db/tenant/members.ts';
import { guidPattern } from '#domain/identity/principal.ts';
import { includesRole, type Role } from '#domain/identity/role.ts';
import type { Caller } from './caller.ts';
import type { ApiDependencies } from './dependencies.ts';
import { readPathId } from './path-id.ts';
import { forbidden, Problem } from './problem.ts';

/** A caller with a sufficient role in the tenant of the path, and the object from the same transaction. */
export interface Entered<Found> {
  readonly tenantId: string;
  readonly role: Role;
  readonly found: Found;
}

/**
 * Checks the caller's role in the tenant of a path, and looks up an object in the same transaction.
 * @throws Problem 403, the same for a tenant that does not exist.
 */
export async function enterTenant<Found>(
  entering: { deps: ApiDependencies; caller: Caller; params: Readonly<Record<string, string>> },
  needed: Role,
  lookUp: (trx: TenantTrx) => Promise<Found>,
): Promise<Entered<Found>> {
  const { deps, caller, params } = entering;
  const tenantId = readPathId(params['tenantId'], guidPattern);
  if (tenantId === null) throw forbidden();
  return inTenant(deps.db, tenantId, async (trx) => {
    const role = await findRole(trx, caller.principalIds);
    if (role === null) throw forbidden();
    if (!includesRole(role, needed)) {
      throw new Problem('forbidden', `This needs the role ${needed} in the tenant.`);
    }
    return { tenantId, role, found: await lookUp(trx) };
  });
}

/** Refuses all callers except platform administrators. The app role gives no rights inside a tenant. */
export function requirePlatformAdmin(caller: Caller): void {
  if (caller.platformAdmin) return;
  throw new Problem('forbidden', 'This needs the app role Tenantry.Admin.');
}
