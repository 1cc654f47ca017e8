import type { Kysely } from 'kysely';
import { inTenant } from '#db/database.ts';
import type { Database } from '#db/tables.ts';
import { findTenant } from '#db/tenant/tenants.ts';

/** How long a tenant that was found registered is taken to be so; the other answer is never kept. */
const rememberedMs = 60_000;

/**
 * Whether tokens of a directory are welcome: those of the home tenant and of registered tenants.
 * Only ask it about a `tid` whose token has been verified, since each unknown one costs a query.
 */
export function createKnownTenants(
  db: Kysely<Database>,
  homeTenantId: string,
): (tenantId: string) => Promise<boolean> {
  // Bounded by the number of registered tenants.
  const rememberedUntil = new Map<string, number>();
  return async (tenantId) => {
    if (tenantId === homeTenantId) return true;
    if ((rememberedUntil.get(tenantId) ?? 0) > Date.now()) return true;
    const tenant = await inTenant(db, tenantId, (trx) => findTenant(trx));
    if (tenant === undefined) return false;
    rememberedUntil.set(tenantId, Date.now() + rememberedMs);
    return true;
  };
}
