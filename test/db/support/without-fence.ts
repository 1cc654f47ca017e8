import { sql, type Transaction } from 'kysely';
import { inTenant, type PrincipalsTrx, type RetentionTrx, type TenantTrx } from '#db/database.ts';
import type { Database } from '#db/tables.ts';
import { tables } from '#test/api/support/row-counts.ts';
import type { TestDatabase } from '#test/support/database.ts';

/** How a function of a repository is tried with another tenant's ids. */
export interface FilterCase {
  /** Calls the function for the first tenant with the ids of the second. */
  readonly call: (trx: TenantTrx) => Promise<unknown>;
  /** The tenant of the transaction, if not the first. */
  readonly tenantId?: string;
  /** What must come back, where that is more than "nothing of the second tenant's". */
  readonly expected?: unknown;
}

/** The result of a case that the database has refused. */
export const rejected = Symbol('rejected');

async function fingerprint(trx: TenantTrx, tenantId: string): Promise<string[]> {
  return Promise.all(
    tables.map(async (table) => {
      const { rows } = await sql<{ hash: string }>`
        select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as hash
        from ${sql.table(table)} t where tenant_id = ${tenantId}`.execute(trx);
      return `${table} ${rows[0]?.hash}`;
    }),
  );
}

/** The transaction of a case as retention's. */
export function retentionTrx(trx: TenantTrx): RetentionTrx {
  return trx as Transaction<Database> as RetentionTrx;
}

/** The transaction of a case as one of principals. */
export function principalsTrx(
  trx: Transaction<Database>,
  principalIds: readonly string[],
): PrincipalsTrx {
  return Object.assign(trx, { principalIds }) as Transaction<Database> as PrincipalsTrx;
}

/**
 * Runs a case for the tenant `own` as a superuser, to whom row-level security does not apply, and rolls it back.
 * @param tenants.foreign the tenant whose rows are compared before and after.
 */
export async function withoutFence(
  database: TestDatabase,
  tenants: { readonly own: string; readonly foreign: string },
  { call, tenantId = tenants.own }: FilterCase,
): Promise<{ result: unknown; before: string[]; after: string[] }> {
  const takeBack = Symbol('take back');
  let result: unknown;
  let before: string[] = [];
  let after: string[] = [];
  try {
    await inTenant(database.owner.db, tenantId, async (trx) => {
      before = await fingerprint(trx, tenants.foreign);
      try {
        result = await call(trx);
      } catch {
        // A statement that fails has changed nothing, and its transaction can do nothing more.
        result = rejected;
        after = before;
        throw takeBack;
      }
      after = await fingerprint(trx, tenants.foreign);
      throw takeBack;
    });
  } catch (reason) {
    if (reason !== takeBack) throw reason;
  }
  return { result, before, after };
}
