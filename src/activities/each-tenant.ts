import { cancellationSignal } from '@temporalio/activity';
import type { Kysely } from 'kysely';
import { asDispatcher } from '../db/database.ts';
import type { Database } from '../db/tables.ts';
import { listTenantsForRounds } from '../db/tenants.ts';

/** Tenants read at once. */
const pageSize = 100;

/**
 * Goes through all tenants in the order of their ids, until the activity is cancelled.
 * @param after the tenant after which to begin; null for the first.
 */
export async function eachTenant(
  db: Kysely<Database>,
  after: string | null,
  work: (tenantId: string) => Promise<void>,
): Promise<void> {
  let last = after;
  for (;;) {
    const page: string[] = await asDispatcher(db, (trx) =>
      listTenantsForRounds(trx, { after: last, limit: pageSize }),
    );
    for (const tenantId of page) {
      cancellationSignal().throwIfAborted();
      await work(tenantId);
    }
    last = page.at(-1) ?? null;
    if (page.length < pageSize) return;
  }
}
