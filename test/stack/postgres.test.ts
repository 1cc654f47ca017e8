import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { startPostgres, type RunningPostgres } from '#stack/postgres.ts';

const timeoutMs = 60_000;

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded PostgreSQL', () => {
  let folder = '';
  let running: RunningPostgres | undefined;

  beforeEach(async () => {
    // A folder of mode 700: the user postgres cannot pass it when the tests run as root.
    folder = await mkdtemp(join(tmpdir(), 'tenantry-test-'));
  });

  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  // Catches: a new database at each start, fsync switched off, a password readable by other users.
  it(
    'keeps its data, its durability and its secret',
    async () => {
      const dataDir = join(folder, 'postgres');
      running = await startPostgres({ dataDir, port: 0 });
      await query(running.url, 'create table kept as select 1 as value');
      expect(await query(running.url, 'show fsync')).toEqual([{ fsync: 'on' }]);
      await running.stop();
      running = await startPostgres({ dataDir, port: 0 });
      expect(await query(running.url, 'select value from kept')).toEqual([{ value: 1 }]);
      expect((await stat(`${dataDir}.password`)).mode & 0o777).toBe(0o600);
      const password = (await readFile(`${dataDir}.password`, 'utf8')).trim();
      expect(running.url).toContain(password);
      await expect(query(running.url.replace(password, 'guessed'), 'select 1')).rejects.toThrow();
    },
    timeoutMs,
  );

  // Catches: giving up on the lock file of a killed server.
  it(
    'has all committed rows after a kill',
    async () => {
      const dataDir = join(folder, 'postgres');
      running = await startPostgres({ dataDir, port: 0 });
      await query(running.url, 'create table kept as select 1 as value');
      running.kill('SIGKILL');
      running = await startPostgres({ dataDir, port: running.port });
      expect(await query(running.url, 'select value from kept')).toEqual([{ value: 1 }]);
    },
    timeoutMs,
  );
});
