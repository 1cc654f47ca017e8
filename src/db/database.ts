import { AsyncLocalStorage } from 'node:async_hooks';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresDriver,
  type Transaction,
  type TransactionSettings,
} from 'kysely';
import pg from 'pg';
import type { Database } from './tables.ts';

/** Postgres ends a statement after this time; every statement here is a point lookup or one page. */
const statementTimeoutMs = 8_000;
/** A caller waits this long for a free or new connection: short enough for the API to answer 503 in time. */
const connectTimeoutMs = 5_000;

/** A connection pool of the application role. */
export interface DatabasePool extends AsyncDisposable {
  readonly db: Kysely<Database>;
}

declare const fence: unique symbol;

/** A transaction behind a fence. By the brand, the compiler refuses a transaction of another fence. */
type Fenced<Name extends string, Carried = unknown> = Transaction<Database> &
  Readonly<Carried & Record<typeof fence, Name>>;

/** A transaction with the rows and the id of one tenant. Only {@link inTenant} makes one. */
export type TenantTrx = Fenced<'tenant', { tenantId: string }>;
/**
 * A transaction with the memberships and notifications of some principals, and their ids. Only {@link asPrincipals}
 * makes one.
 */
export type PrincipalsTrx = Fenced<'principals', { principalIds: readonly string[] }>;
/** A transaction with the columns of all tenants for the rounds of the worker. Only {@link asDispatcher} makes one. */
export type DispatcherTrx = Fenced<'dispatcher'>;
/**
 * A transaction with the right to delete backup sets of one tenant, and the tenant's id. Only {@link asRetention} makes
 * one.
 */
export type RetentionTrx = Fenced<'retention', { tenantId: string }>;

/**
 * Opens a pool.
 * @param options.role the database role of every connection; `null` for migrations, which run as the owner.
 * @param options.onError receives the errors of broken connections (Postgres restarted); the pool replaces them.
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
    // As a start-up option: no query of a new connection can run before it.
    ...(options.role === null ? {} : { options: `-c role=${options.role}` }),
  });
  pool.on('error', options.onError);
  // The pool listens to idle clients only. Without this listener, a connection broken between two statements of a
  // transaction would end the process; now the next statement fails, and with it the transaction.
  pool.on('connect', (client) => client.on('error', options.onError));
  const db = new Kysely<Database>({ dialect: new FencedDialect({ pool }) });
  return { db, [Symbol.asyncDispose]: () => db.destroy() };
}

/** The statements of the fence for the transaction about to begin. Their effect lasts until its end. */
const fences = new AsyncLocalStorage<string>();

/** Sends the statements of the fence together with `begin`: this saves every transaction a round trip. */
class FencedDriver extends PostgresDriver {
  override async beginTransaction(
    connection: DatabaseConnection,
    settings: TransactionSettings,
  ): Promise<void> {
    const fence = fences.getStore();
    if (fence === undefined) return super.beginTransaction(connection, settings);
    try {
      await connection.executeQuery(CompiledQuery.raw(`begin; ${fence}`));
    } catch (error) {
      // Kysely rolls back only after a successful begin; the next user of the connection must not inherit the
      // transaction.
      await connection.executeQuery(CompiledQuery.raw('rollback')).catch(() => undefined);
      throw error;
    }
  }
}

class FencedDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;
  constructor(config: PostgresDialectConfig) {
    super(config);
    this.#config = config;
  }
  override createDriver(): Driver {
    return new FencedDriver(this.#config);
  }
}

/** Runs `work` in a transaction that begins with the `statements` of its fence and has the properties in `carried`. */
function fenced<Trx extends Transaction<Database>, T>(
  db: Kysely<Database>,
  statements: string,
  carried: Omit<Trx, keyof Transaction<Database> | typeof fence>,
  work: (trx: Trx) => Promise<T>,
): Promise<T> {
  // The work runs outside the storage again: a transaction begun in it has a fence of its own, or none.
  return fences.run(statements, () =>
    db
      .transaction()
      .execute((trx) => fences.exit(() => work(Object.assign(trx, carried) as unknown as Trx))),
  );
}

/** Runs `work` in a transaction with the rows of one tenant only, by row-level security. */
export function inTenant<T>(
  db: Kysely<Database>,
  tenantId: string,
  work: (trx: TenantTrx) => Promise<T>,
): Promise<T> {
  return fenced(db, setTenant(tenantId), { tenantId }, work);
}

/** Runs `work` in a transaction with the memberships and notifications of these principals, in all tenants. */
export function asPrincipals<T>(
  db: Kysely<Database>,
  principalIds: readonly string[],
  work: (trx: PrincipalsTrx) => Promise<T>,
): Promise<T> {
  const ids = pg.escapeLiteral(principalIds.join(','));
  return fenced(db, `set local app.principal_ids = ${ids}`, { principalIds }, work);
}

/**
 * Runs `work` in a transaction with the ids of all tenants' objects, and the status of their runs, but none of their
 * contents.
 */
export function asDispatcher<T>(
  db: Kysely<Database>,
  work: (trx: DispatcherTrx) => Promise<T>,
): Promise<T> {
  return fenced(db, 'set local role tenantry_dispatcher', {}, work);
}

/**
 * Runs `work` in a transaction with the right to delete the scheduled backup sets of one tenant. It also sees all uses
 * of them.
 */
export function asRetention<T>(
  db: Kysely<Database>,
  tenantId: string,
  work: (trx: RetentionTrx) => Promise<T>,
): Promise<T> {
  const statements = `set local role tenantry_retention; ${setTenant(tenantId)}`;
  return fenced(db, statements, { tenantId }, work);
}

function setTenant(tenantId: string): string {
  return `set local app.tenant_id = ${pg.escapeLiteral(tenantId)}`;
}
