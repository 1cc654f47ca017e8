import { cancellationSignal } from '@temporalio/activity';
import type { Kysely } from 'kysely';
import type { Database } from '#db/tables.ts';
import { listEveryTenant } from '#db/tenant/list-every-tenant.ts';

/**
 * Goes through all tenants in the order of their ids, until the activity is cancelled.
 * @param after the tenant after which to begin; null for the first.
 */
export async function eachTenant(
  db: Kysely<Database>,
  after: string | null,
  work: (tenantId: string) => Promise<void>,
): Promise<void> {
  for await (const tenantId of listEveryTenant(db, after)) {
    cancellationSignal().throwIfAborted();
    await work(tenantId);
  }
}
