import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Migrator, sql } from 'kysely';
import pg from 'pg';
import { takeFromBudget } from '#db/budget/take-from-budget.sql.ts';
import { type DatabasePool, openDatabase } from '#db/database.ts';
import { migrations } from '#db/migrations/all.ts';
import { migrateToLatest } from '#db/migrations/migrate.ts';

const adminUrl = process.env['TEST_POSTGRES_URL'] ?? '';
const name = `test_budget_${randomUUID().replaceAll('-', '')}`;
const url = new URL(adminUrl);
url.pathname = `/${name}`;

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

let owner: DatabasePool;
beforeAll(async () => {
  await administer(`create database ${name}`);
  owner = openDatabase({ url: url.href, role: null, poolSize: 2, onError: () => undefined });
});
afterAll(async () => {
  await owner[Symbol.asyncDispose]();
  await administer(`drop database ${name} with (force)`);
});

async function migrateTo(migration: string): Promise<void> {
  const provider = { getMigrations: async () => ({ ...migrations }) };
  const { error } = await new Migrator({ db: owner.db, provider }).migrateTo(migration);
  if (error !== undefined) throw error;
}

/** The functions of the database, as the texts by which Postgres would create them again. */
async function functionTexts(): Promise<Record<string, string>> {
  const { rows } = await sql<{ name: string; text: string }>`
    select proname as name, pg_get_functiondef(oid) as text from pg_proc
    where proname like 'take\\_graph\\_budget%' order by proname`.execute(owner.db);
  return Object.fromEntries(rows.map(({ name, text }) => [name, text]));
}

const hashesOf = (texts: Record<string, string>) =>
  Object.entries(texts).map(
    ([name, text]) => `${name} ${createHash('sha256').update(text).digest('hex')}`,
  );

describe("the rate limiter's functions", () => {
  // Catches: a rule changed in place, because databases already migrated would never get it. The hashes are those of
  // databases migrated before the rule moved out of the migrations.
  it.each([
    {
      migration: '006-graph-budgets',
      hashes: [
        'take_graph_budget adcca5cc37ae43f905ab9b913301229e99f2e8fc26a52ff28c4ae0386b93abfa',
      ],
    },
    {
      migration: '010-graph-write-budgets',
      hashes: [
        'take_graph_budget 2a2bf36d917605b8633c7ec5c5ba5657117a6f4d663a13c70035c05f0b7b2bb5',
        'take_graph_budget_beside_restores fe444cd370aa280bd54c3ae1facec20227803bffbdbe65eac2a7caeaad187aaa',
        'take_graph_budget_for_restore 0ef552e6ef9efb68ab5c75eff99a5ba05de44b7b099845dc308abcc9a5c12ba2',
        'take_graph_budget_in_slots 60cf446730fc0f656b486c6acf8cf1837a63959cd7b2f9644a05ac102f4d18b9',
      ],
    },
  ])('after migration $migration are byte for byte the released ones', async (frozen) => {
    await migrateTo(frozen.migration);
    expect(hashesOf(await functionTexts())).toEqual(frozen.hashes);
  });

  // Catches: a change of take-from-budget.sql.ts without a migration to apply it.
  it('a migrated database has the functions of take-from-budget.sql.ts', async () => {
    await migrateToLatest(owner.db);
    const migrated = await functionTexts();
    for (const text of takeFromBudget) await sql.raw(text).execute(owner.db);
    expect(await functionTexts()).toEqual(migrated);
  });
});
