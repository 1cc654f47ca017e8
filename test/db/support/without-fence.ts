import { sql } from 'kysely';
import type { Trx } from '#db/database.ts';
import { tables } from '#test/api/support/row-counts.ts';
import type { TestDatabase } from '#test/support/database.ts';

/** How a function of a repository is tried with another tenant's ids. */
export interface FilterCase {
  /** Asks for what is the second tenant's in the name of the first. */
  readonly call: (trx: Trx) => Promise<unknown>;
  /** What must come back, where that is more than "nothing of the second tenant's". */
  readonly expected?: unknown;
}

/** The result of a case that the database has refused. */
export const rejected = Symbol('rejected');

async function fingerprint(trx: Trx, tenantId: string): Promise<string[]> {
  return Promise.all(
    tables.map(async (table) => {
      const { rows } = await sql<{ hash: string }>`
        select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as hash
        from ${sql.table(table)} t where tenant_id = ${tenantId}`.execute(trx);
      return `${table} ${rows[0]?.hash}`;
    }),
  );
}

/**
 * Runs a case as a superuser, to whom row-level security does not apply, and takes everything back.
 * @param tenantId whose rows are looked at before and after.
 */
export async function withoutFence(
  database: TestDatabase,
  tenantId: string,
  { call }: FilterCase,
): Promise<{ result: unknown; before: string[]; after: string[] }> {
  const takeBack = Symbol('take back');
  let result: unknown;
  let before: string[] = [];
  let after: string[] = [];
  try {
    await database.owner.db.transaction().execute(async (trx) => {
      before = await fingerprint(trx, tenantId);
      try {
        result = await call(trx);
      } catch {
        // A statement that fails has changed nothing, and its transaction can do nothing more.
        result = rejected;
        after = before;
        throw takeBack;
      }
      after = await fingerprint(trx, tenantId);
      throw takeBack;
    });
  } catch (reason) {
    if (reason !== takeBack) throw reason;
  }
  return { result, before, after };
}
