import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSimulator, type RunningSimulator } from '#simulator/server.ts';
import { limits, readAll, windowSeconds } from '#test/graph/support/budgeted-reads.ts';
import { create, writeAll } from '#test/graph/support/budgeted-writes.ts';
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

describe('the budget under an undocumented limit', () => {
  // Catches: a burst into an unknown limit, and a 429 the budget ignores, or only one process learns from.
  it.each([[1], [2]])(
    'the budget finds a hidden limit of a tenth of its own with less than 5 % 429s, with %i processes',
    async (processes) => {
      const tenant = await simulatedTenant(simulator, database);
      const hidden = { windowSeconds, requests: 100, writes: 10, latencyMs: 20 };
      await tenant.control('PUT', '/throttle', { tenant: tenant.tenantId, ...hidden });
      const paths = await tenant.seedPolicies(300);
      const readers = Array.from({ length: processes }, () => tenant.reader(limits(1_000)));
      const share = paths.length / processes;
      await Promise.all(
        readers.map((reader, n) => readAll(reader, paths.slice(n * share, (n + 1) * share))),
      );
      const rows = await tenant.requests();
      const throttled = rows.filter(({ status }) => status === 429).length;
      expect(rows.filter(({ status }) => status === 200)).toHaveLength(300);
      // Less than 5 %, but above 0: the limit was met.
      expect(throttled).toBeGreaterThan(0);
      expect(throttled).toBeLessThan(rows.length * 0.05);
    },
  );

  // Catches: a burst into an unknown limit, and a 429 only one process learns from.
  it('the budget of two writing processes finds a hidden limit of a fifth of its own with less than 5 % 429s', async () => {
    const tenant = await simulatedTenant(simulator, database);
    const hidden = { windowSeconds: 2, requests: 1_000, writes: 40, latencyMs: 20 };
    await tenant.control('PUT', '/throttle', { tenant: tenant.tenantId, ...hidden });
    const budgets = limits(1_000, 200, 2);
    const writers = [tenant.writer(budgets), tenant.writer(budgets)];
    await Promise.all(writers.map((writer) => writeAll(writer, create, 60)));
    const rows = await tenant.requests();
    const throttled = rows.filter(({ status }) => status === 429).length;
    expect(rows.filter(({ status }) => status === 201)).toHaveLength(120);
    // Less than 5 %, but above 0: the limit was met.
    expect(throttled).toBeGreaterThan(0);
    expect(throttled).toBeLessThan(rows.length * 0.05);
  });
});
