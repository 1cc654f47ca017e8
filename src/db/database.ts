import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import type { Database } from './tables.ts';

/** How long one statement may take before Postgres ends it; every statement here is a point lookup or one page. */
const statementTimeoutMs = 8_000;
/** How long a caller waits for a free or new connection: short enough to answer 503 rather than hang. */
const connectTimeoutMs = 5_000;

/** A connection pool that works as the application role, plus the means to end it. */
export interface DatabasePool extends AsyncDisposable {
  readonly db: Kysely<Database>;
}

/** A transaction with a fence around it: only {@link inTenant} and its siblings make one. */
export type Trx = Transaction<Database>;

/**
 * Opens a pool.
 * @param options.role the role to work as; `null` for migrations, which run as the owner.
 * @param options.onError told of connections that break (Postgres restarted); the pool replaces them.
 */
export function openDatabase(options: {
  url: string;
  role: 'tenantry_app' | null;
  poolSize: number;
  onError: (error: Error) => void;
}): DatabasePool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    application_name: 'tenantry',
    // As a start-up option, so that no query of a new connection can run before it.
    ...(options.role === null ? {} : { options: `-c role=${options.role}` }),
  });
  pool.on('error', options.onError);
  // The pool listens to idle clients only; one that breaks between the statements of a transaction would otherwise
  // end the process. Its transaction fails with its next statement.
  pool.on('connect', (client) => client.on('error', options.onError));
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  return { db, [Symbol.asyncDispose]: () => db.destroy() };
}

/** Runs `work` in a transaction that sees the rows of one tenant only, by row-level security. */
export function inTenant<T>(
  db: Kysely<Database>,
  tenantId: string,
  work: (trx: Trx) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (trx) => {
    await sql`select set_config('app.tenant_id', ${tenantId}, true)`.execute(trx);
    return work(trx);
  });
}

/** Runs `work` in a transaction that sees what belongs to these principals in all tenants: memberships, notifications. */
export function asPrincipals<T>(
  db: Kysely<Database>,
  principalIds: readonly string[],
  work: (trx: Trx) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (trx) => {
    await sql`select set_config('app.principal_ids', ${principalIds.join(',')}, true)`.execute(trx);
    return work(trx);
  });
}

/** Runs `work` in a transaction that sees of all tenants only which runs there are and whether they are active. */
export function asDispatcher<T>(db: Kysely<Database>, work: (trx: Trx) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (trx) => {
    await sql`set local role tenantry_dispatcher`.execute(trx);
    return work(trx);
  });
}
