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

/** How long one statement may take before Postgres ends it; every statement here is a point lookup or one page. */
const statementTimeoutMs = 8_000;
/** How long a caller waits for a free or new connection: short enough to answer 503 rather than hang. */
const connectTimeoutMs = 5_000;

/** A connection pool that works as the application role, plus the means to end it. */
export interface DatabasePool extends AsyncDisposable {
  readonly db: Kysely<Database>;
}

declare const fence: unique symbol;

/** A transaction behind a fence. The brand keeps a transaction of one fence from a function that needs another. */
type Fenced<Name extends string, Carried = unknown> = Transaction<Database> &
  Readonly<Carried & Record<typeof fence, Name>>;

/** A transaction that sees one tenant, and carries its id. Only {@link inTenant} makes one. */
export type TenantTrx = Fenced<'tenant', { tenantId: string }>;
/** A transaction that sees the memberships and notifications of some principals, and carries their ids. Only {@link asPrincipals} makes one. */
export type PrincipalsTrx = Fenced<'principals', { principalIds: readonly string[] }>;
/** A transaction that sees the columns of all tenants that rounds need. Only {@link asDispatcher} makes one. */
export type DispatcherTrx = Fenced<'dispatcher'>;
/** A transaction that may delete the backup sets of one tenant, and carries its id. Only {@link asRetention} makes one. */
export type RetentionTrx = Fenced<'retention', { tenantId: string }>;

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
  const db = new Kysely<Database>({ dialect: new FencedDialect({ pool }) });
  return { db, [Symbol.asyncDispose]: () => db.destroy() };
}

/** What the transaction that is being begun sees, as statements that hold until its end. */
const fences = new AsyncLocalStorage<string>();

/** Sets a transaction's fence up in the message that begins it: a round trip less for every transaction there is. */
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
      // Kysely rolls back only what has begun without an error; the next user of the connection must not inherit it.
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
  // The work itself is outside again: a transaction that it may begin has a fence of its own, or none.
  return fences.run(statements, () =>
    db
      .transaction()
      .execute((trx) => fences.exit(() => work(Object.assign(trx, carried) as unknown as Trx))),
  );
}

/** Runs `work` in a transaction that sees the rows of one tenant only, by row-level security. */
export function inTenant<T>(
  db: Kysely<Database>,
  tenantId: string,
  work: (trx: TenantTrx) => Promise<T>,
): Promise<T> {
  return fenced(db, setTenant(tenantId), { tenantId }, work);
}

/** Runs `work` in a transaction that sees what belongs to these principals in all tenants: memberships, notifications. */
export function asPrincipals<T>(
  db: Kysely<Database>,
  principalIds: readonly string[],
  work: (trx: PrincipalsTrx) => Promise<T>,
): Promise<T> {
  const ids = pg.escapeLiteral(principalIds.join(','));
  return fenced(db, `set local app.principal_ids = ${ids}`, { principalIds }, work);
}

/** Runs `work` in a transaction that sees of all tenants only which runs there are and whether they are active. */
export function asDispatcher<T>(
  db: Kysely<Database>,
  work: (trx: DispatcherTrx) => Promise<T>,
): Promise<T> {
  return fenced(db, 'set local role tenantry_dispatcher', {}, work);
}

/** Runs `work` in a transaction that may take apart what the schedules of one tenant have made, and sees what is still used. */
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
