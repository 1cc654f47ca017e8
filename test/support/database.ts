import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type DatabasePool, openDatabase } from '#db/database.ts';

export interface TestDatabase {
  /** The superuser's URL of this database. */
  readonly url: string;
  /** The application's connection: its role, subject to row-level security. */
  readonly app: DatabasePool;
  /** The owner's connection: a superuser, who sees every row. */
  readonly owner: DatabasePool;
  drop(): Promise<void>;
}

function adminUrl(): string {
  const url = process.env['TEST_POSTGRES_URL'];
  if (url === undefined)
    throw new Error('TEST_POSTGRES_URL is unset: global-setup.mts has not run');
  return url;
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl() });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Clones the migrated template, in a few tens of milliseconds. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administer(`create database ${name} template tenantry_template`);
  const url = new URL(adminUrl());
  url.pathname = `/${name}`;
  const open = (role: 'tenantry_app' | null) =>
    openDatabase({ url: url.href, role, poolSize: 20, onError: () => undefined });
  const app = open('tenantry_app');
  const owner = open(null);
  return {
    url: url.href,
    app,
    owner,
    drop: async () => {
      await app[Symbol.asyncDispose]();
      await owner[Symbol.asyncDispose]();
      await administer(`drop database ${name} with (force)`);
    },
  };
}
