import { sql, type Transaction } from 'kysely';
import { inTenant, type PrincipalsTrx, type RetentionTrx, type TenantTrx } from '#db/database.ts';
import type { Database } from '#db/tables.ts';
import { tables } from '#test/api/support/row-counts.ts';
import type { TestDatabase } from '#test/support/database.ts';

/** A call of a repository function with another tenant's ids. */
export interface FilterCase {
  /** Calls the function for the first tenant with the ids of the second. */
  readonly call: (trx: TenantTrx) => Promise<unknown>;
  /** The tenant of the transaction, if not the first. */
  readonly tenantId?: string;
  /** The expected result, if the absence of the second tenant's rows is not enough. */
  readonly expected?: unknown;
}

/** The result of a case refused by the database. */
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

/** Presents the transaction of a case as retention's. */
export function retentionTrx(trx: TenantTrx): RetentionTrx {
  return trx as Transaction<Database> as RetentionTrx;
}

/** Presents the transaction of a case as one of principals. */
export function principalsTrx(
  trx: Transaction<Database>,
  principalIds: readonly string[],
): PrincipalsTrx {
  return Object.assign(trx, { principalIds }) as Transaction<Database> as PrincipalsTrx;
}

/**
 * Runs a case for the tenant `own` as a superuser, exempt from row-level security, and rolls it back.
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
        // A failed statement has changed no row, and its transaction accepts no further statement.
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
