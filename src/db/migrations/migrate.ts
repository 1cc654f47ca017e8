import { type Kysely, Migrator, sql } from 'kysely';
import type { Database } from '#db/tables.ts';
import { migrations } from './all.ts';

/** The database and this code do not fit together; the message says which is older, and the remedy. */
export class SchemaVersionError extends Error {
  override readonly name = 'SchemaVersionError';
}

/** Lists the names of the applied migrations, oldest first; empty for a new database. */
async function appliedMigrations(db: Kysely<Database>): Promise<string[]> {
  const exists = await sql<{ found: boolean }>`
    select to_regclass('public.kysely_migration') is not null as found`.execute(db);
  if (!exists.rows[0]?.found) return [];
  const { rows } = await sql<{ name: string }>`
    select name from public.kysely_migration order by name`.execute(db);
  return rows.map((row) => row.name);
}

function refuseNewer(applied: readonly string[]): void {
  const unknown = applied.filter((name) => !Object.hasOwn(migrations, name));
  if (unknown.length > 0) {
    throw new SchemaVersionError(
      `The database is newer than this code (it has ${unknown.join(', ')}). Deploy a newer version.`,
    );
  }
}

/**
 * Migrates the database to the schema of this code, in one transaction under Kysely's advisory lock, so that several
 * processes may call it at once.
 * @param db a connection of the owner, without the application role.
 * @returns the names of the applied migrations.
 * @throws SchemaVersionError if the database is newer than the code.
 */
export async function migrateToLatest(db: Kysely<Database>): Promise<string[]> {
  refuseNewer(await appliedMigrations(db));
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  await letApplicationSeeVersion(db);
  return (results ?? []).map((result) => result.migrationName);
}

/** Two concurrent grants fail with "tuple concurrently updated", and Kysely's lock is no longer held here. */
async function letApplicationSeeVersion(db: Kysely<Database>): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`lock table public.kysely_migration in share update exclusive mode`.execute(trx);
    await sql`grant select on public.kysely_migration to tenantry_app`.execute(trx);
  });
}

/** Checks that the database has exactly the schema of this code. @throws SchemaVersionError if it is older or newer. */
export async function assertSchemaCurrent(db: Kysely<Database>): Promise<void> {
  const applied = await appliedMigrations(db);
  refuseNewer(applied);
  const missing = Object.keys(migrations).filter((name) => !applied.includes(name));
  if (missing.length > 0) {
    throw new SchemaVersionError(
      `The database lacks ${missing.join(', ')}. Run "npm run migrate" first.`,
    );
  }
}
