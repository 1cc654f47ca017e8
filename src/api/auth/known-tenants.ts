import type { Kysely } from 'kysely';
import { inTenant } from '#db/database.ts';
import type { Database } from '#db/tables.ts';
import { findTenant } from '#db/tenant/tenants.ts';

/** The time for which a registered tenant is cached; an unknown one is never cached. */
const rememberedMs = 60_000;

/**
 * Accepts the home tenant and registered tenants as issuers of tokens. Verify the token before: each unknown `tid` costs a
 * query.
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
