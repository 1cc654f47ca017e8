import type { Kysely } from 'kysely';
import { asDispatcher } from '#db/database.ts';
import type { Database } from '#db/tables.ts';
import { listTenantsForRounds } from './tenants.ts';

/** Tenants read at once. */
const pageSize = 100;

/**
 * The ids of all tenants, in their order, a page at a time.
 * @param after the tenant after which to begin; null for the first.
 */
export async function* listEveryTenant(
  db: Kysely<Database>,
  after: string | null = null,
): AsyncGenerator<string> {
  let last = after;
  for (;;) {
    const page: string[] = await asDispatcher(db, (trx) =>
      listTenantsForRounds(trx, { after: last, limit: pageSize }),
    );
    yield* page;
    last = page.at(-1) ?? null;
    if (page.length < pageSize) return;
  }
}
