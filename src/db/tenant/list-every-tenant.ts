import type { Kysely } from 'kysely';
import { asDispatcher } from '#db/database.ts';
import type { Database } from '#db/tables.ts';
import { listTenantsForRounds } from './tenants.ts';

/** Tenants in one query. */
const pageSize = 100;

/**
 * Yields the ids of all tenants in ascending order, reading page by page.
 * @param after the tenant before the first to yield; null to begin with the first.
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
