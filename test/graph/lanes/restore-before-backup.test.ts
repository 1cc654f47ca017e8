import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { startSimulator, type RunningSimulator } from '#simulator/server.ts';
import { limits, readAll } from '#test/graph/support/budgeted-reads.ts';
import { create, writeOnce } from '#test/graph/support/budgeted-writes.ts';
import { simulatedTenant } from '#test/graph/support/simulated-tenant.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

let simulator: RunningSimulator;
let database: TestDatabase;

beforeAll(async () => {
  simulator = await startSimulator({ sample: false });
  database = await createTestDatabase();
});
afterAll(async () => {
  await simulator.close();
  await database.drop();
});

const windowSeconds = 2;
const writesInWindow = 20;
const budgets = limits(100, writesInWindow, windowSeconds);
/** A read counts for the window and two slots of a twentieth; a write a little less. */
const countedMs = windowSeconds * 1_100;
const countedWindows = 2;

/** Counts the writes of a restore in some windows, beside a backup with as many reads as the budget allows. */
async function writesBesideBackup(): Promise<number> {
  const tenant = await simulatedTenant(simulator, database);
  await tenant.control('PUT', '/throttle', { tenant: tenant.tenantId, latencyMs: 10 });
  const paths = await tenant.seedPolicies(1_000);
  const over = new AbortController();
  function* whileItRuns(): Generator<string> {
    for (const path of paths) {
      if (over.signal.aborted) return;
      yield path;
    }
  }
  const backup = readAll(tenant.reader(budgets, { slowStart: false }), whileItRuns());
  await sleep(countedMs);
  const writer = tenant.writer(budgets, { slowStart: false });
  const restore = async (): Promise<void> => {
    while (!over.signal.aborted) await writeOnce(writer, create, { signal: over.signal });
  };
  const restoring = Promise.allSettled(Array.from({ length: 4 }, restore));
  // By now the reads granted before the restore's first request have left the window.
  await sleep(countedMs);
  const countedFrom = Date.now();
  await sleep(countedMs * countedWindows);
  over.abort();
  const rows = await tenant.requests();
  await Promise.all([backup, restoring]);
  return rows.filter(({ method, at }) => method === 'POST' && Date.parse(at) >= countedFrom).length;
}

// Catches: a restore that waits its turn among a backup's reads, and a budget that forgets the waiting restore.
it('a restore has its whole write budget beside a backup, and only thanks to its precedence', async () => {
  const most = writesInWindow * countedWindows;
  expect(await writesBesideBackup()).toBeGreaterThan(most * 0.9);
  await sql`
    create function forget_restore() returns trigger language plpgsql as $$
    begin new.restore_asked_at := null; return new; end $$`.execute(database.owner.db);
  await sql`
    create trigger forget before insert or update on graph_budgets
    for each row execute function forget_restore()`.execute(database.owner.db);
  expect(await writesBesideBackup()).toBeLessThan(most * 0.5);
});
