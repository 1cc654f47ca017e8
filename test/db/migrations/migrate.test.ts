import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import pg from 'pg';
import { type DatabasePool, openDatabase } from '#db/database.ts';
import { migrations } from '#db/migrations/all.ts';
import {
  assertSchemaCurrent,
  migrateToLatest,
  SchemaVersionError,
} from '#db/migrations/migrate.ts';

const adminUrl = process.env['TEST_POSTGRES_URL'] ?? '';
const name = `test_migrate_${randomUUID().replaceAll('-', '')}`;
const url = new URL(adminUrl);
url.pathname = `/${name}`;

/** Processes migrating at the same time, each with its own connection. */
const migrators: DatabasePool[] = [];

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  await administer(`create database ${name}`);
  for (const role of [null, null, null, 'tenantry_app'] as const) {
    migrators.push(openDatabase({ url: url.href, role, poolSize: 2, onError: () => undefined }));
  }
});
afterAll(async () => {
  for (const pool of migrators) await pool[Symbol.asyncDispose]();
  await administer(`drop database ${name} with (force)`);
});

function db(process: number) {
  const pool = migrators[process];
  if (pool === undefined) throw new Error('no such process');
  return pool.db;
}

describe('migrations', () => {
  it('a process asks for migrations on an empty database', async () => {
    await expect(assertSchemaCurrent(db(0))).rejects.toThrow(SchemaVersionError);
    await expect(assertSchemaCurrent(db(0))).rejects.toThrow(/npm run migrate/);
  });

  // Catches: migrations without a lock, so that all but one of several starting processes fail.
  it('concurrent processes apply each migration once', async () => {
    const applied = await Promise.all([0, 1, 2].map((process) => migrateToLatest(db(process))));
    expect(applied.flat().toSorted()).toEqual(Object.keys(migrations));
    expect(await migrateToLatest(db(0))).toEqual([]);
    await assertSchemaCurrent(db(0));
  });

  // Catches: a check beyond the rights of the application's role.
  it('the role of the application can check the schema', async () => {
    await assertSchemaCurrent(db(3));
  });

  // Catches: old code running on a newer schema after the rollback of a deployment.
  it('a process refuses a schema newer than its code', async () => {
    await sql`insert into kysely_migration (name, timestamp) values ('999-future', 'x')`.execute(
      db(0),
    );
    await expect(migrateToLatest(db(0))).rejects.toThrow(/newer than this code.*999-future/);
    await expect(assertSchemaCurrent(db(3))).rejects.toThrow(SchemaVersionError);
  });
});
