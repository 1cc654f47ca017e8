import { cancellationSignal } from '@temporalio/activity';
import type { Kysely } from 'kysely';
import type { Database } from '#db/tables.ts';
import { listEveryTenant } from '#db/tenant/list-every-tenant.ts';

/**
 * Works on all tenants in the order of their ids, until a cancellation.
 * @param after continues after this tenant; null starts at the first.
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
