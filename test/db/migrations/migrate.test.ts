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

/** Processes that migrate at the same time, each with a connection of its own. */
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
  it('are asked for by a process that finds none', async () => {
    await expect(assertSchemaCurrent(db(0))).rejects.toThrow(SchemaVersionError);
    await expect(assertSchemaCurrent(db(0))).rejects.toThrow(/npm run migrate/);
  });

  // Catches: migrations without a lock, of which all but one would fail when several processes start at once.
  it('are applied once by several processes at once', async () => {
    const applied = await Promise.all([0, 1, 2].map((process) => migrateToLatest(db(process))));
    expect(applied.flat().toSorted()).toEqual(Object.keys(migrations));
    expect(await migrateToLatest(db(0))).toEqual([]);
    await assertSchemaCurrent(db(0));
  });

  // Catches: a check that the application's own role may not make.
  it('are seen by the application', async () => {
    await assertSchemaCurrent(db(3));
  });

  // Catches: old code let loose on a newer schema, after a deployment was rolled back.
  it('of newer code are refused', async () => {
    await sql`insert into kysely_migration (name, timestamp) values ('999-future', 'x')`.execute(
      db(0),
    );
    await expect(migrateToLatest(db(0))).rejects.toThrow(/newer than this code.*999-future/);
    await expect(assertSchemaCurrent(db(3))).rejects.toThrow(SchemaVersionError);
  });
});
