import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase } from '#db/database.ts';
import { startSimulator, type RunningSimulator } from '#simulator/server.ts';
import { limits, readAll, windowSeconds } from '#test/graph/support/budgeted-reads.ts';
import { rejection } from '#test/graph/support/fake-graph.ts';
import { mostInWindow } from '#test/graph/support/most-in-window.ts';
import { simulatedTenant } from '#test/graph/support/simulated-tenant.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { startTcpProxy } from '#test/support/tcp-proxy.ts';

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

describe('the request budget of a tenant', () => {
  // Catches: one budget per process, fixed windows, grants counted when asked for but used later, and batches counted
  // as one request.
  it('two processes together stay within the budget in every window', async () => {
    const tenant = await simulatedTenant(simulator, database);
    await tenant.control('PUT', '/throttle', { tenant: tenant.tenantId, latencyMs: 20 });
    const paths = await tenant.seedPolicies(260);
    const readers = [tenant.reader(limits(100)), tenant.reader(limits(100))];
    await Promise.all(
      readers.map((reader, n) => readAll(reader, paths.slice(n * 130, n * 130 + 130))),
    );
    const rows = await tenant.requests();
    expect(rows).toHaveLength(260);
    expect(rows.every(({ status }) => status === 200)).toBe(true);
    expect(mostInWindow(rows, windowSeconds)).toBeLessThanOrEqual(100);
    // The budget must not brake below its limit.
    expect(mostInWindow(rows, windowSeconds)).toBeGreaterThan(60);
  });

  // Catches: a wait that holds an activity's slot for as long as Graph likes.
  it('a get without room in the budget soon fails at once, and waits if there is room in 2 s', async () => {
    const tenant = await simulatedTenant(simulator, database);
    const paths = await tenant.seedPolicies(6);
    const long = { requests: 4, windowSeconds: 60 };
    const reader = tenant.reader({ ...limits(4), intune: long });
    const outcomes = await Promise.allSettled(paths.map((path) => reader.get(path)));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(2);
    for (const { reason } of refused) {
      expect(reason).toMatchObject({ kind: 'throttled', code: 'budget_exhausted', status: null });
      expect(reason.retryAfterSeconds).toBeGreaterThan(55);
      expect(reason.retryAfterSeconds).toBeLessThan(66.1);
    }
    // Conditional Access has its own budget: one request in two seconds, worth a wait.
    const started = performance.now();
    await Promise.all(
      [1, 2].map(() => reader.get('/identity/conditionalAccess/policies').catch(() => null)),
    );
    expect(performance.now() - started).toBeGreaterThan(1_900);
    // It waited in place instead of failing for a retry after ten seconds.
    expect(performance.now() - started).toBeLessThan(9_000);
  });

  // Catches: the reads of a restore in one queue with a backup's, counted as a backup's, or waiting as long as those.
  it("a restore's reads find room in a budget used up by a backup, and wait no longer than budgetWaitMs", async () => {
    const tenant = await simulatedTenant(simulator, database);
    const paths = await tenant.seedPolicies(10);
    const budgets = { ...limits(10), intune: { requests: 10, windowSeconds: 12 } };
    const options = { slowStart: false, budgetWaitMs: 500, priority: 'restore' } as const;
    const restore = tenant.reader(budgets, options);
    await restore.get(paths[0] ?? '');
    const backup = tenant.reader(budgets, { slowStart: false, budgetWaitMs: 500 });
    const outcomes = await Promise.allSettled(paths.map((path) => backup.get(path)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    await Promise.all([1, 2].map((n) => restore.get(paths[n] ?? '')));
    const started = performance.now();
    const refused = await rejection(restore.get(paths[3] ?? ''));
    expect(refused).toMatchObject({ code: 'budget_exhausted', notSent: true });
    expect(performance.now() - started).toBeLessThan(500);
  });

  it("a get waiting for room in the budget ends with its caller's abort", async () => {
    const tenant = await simulatedTenant(simulator, database);
    const paths = await tenant.seedPolicies(4);
    const reader = tenant.reader(limits(4));
    await Promise.all(paths.map((path) => reader.get(path)));
    const controller = new AbortController();
    const reason = new Error('activity canceled');
    const started = performance.now();
    const waiting = rejection(reader.get(paths[0] ?? '', { signal: controller.signal }));
    setTimeout(() => controller.abort(reason), 100);
    expect(await waiting).toBe(reason);
    expect(performance.now() - started).toBeLessThan(9_000);
    expect(await tenant.requests()).toHaveLength(4);
  });

  it('a 429 makes all processes wait for its tenant, but not for other tenants', async () => {
    const [tenant, other] = [
      await simulatedTenant(simulator, database),
      await simulatedTenant(simulator, database),
    ];
    const [path = ''] = await tenant.seedPolicies(1);
    const [otherPath = ''] = await other.seedPolicies(1);
    await tenant.control('PUT', '/faults', [
      { match: { tenant: tenant.tenantId }, times: 1, effect: { status: 429, retryAfter: 30 } },
    ]);
    const refused = await rejection(tenant.reader(limits(100)).get(path));
    expect(refused).toMatchObject({ kind: 'throttled', status: 429, retryAfterSeconds: 30 });
    const held = await rejection(tenant.reader(limits(100)).get(path));
    expect(held).toMatchObject({ kind: 'throttled', code: 'budget_exhausted', status: null });
    expect(held['retryAfterSeconds']).toBeGreaterThan(28);
    await other.reader(limits(100)).get(otherPath);
    expect(await tenant.requests()).toHaveLength(1);
  });

  // Catches: requests without a grant while the budget is unavailable.
  it('a get without Postgres fails with budget_unavailable and sends no request', async () => {
    const url = new URL(database.url);
    const proxy = await startTcpProxy(url.host);
    url.host = proxy.address;
    const options = { url: url.href, role: 'tenantry_app', poolSize: 2 } as const;
    const pool = openDatabase({ ...options, onError: () => undefined });
    try {
      const tenant = await simulatedTenant(simulator, database);
      const [path = ''] = await tenant.seedPolicies(1);
      const reader = tenant.reader(limits(100), { pool });
      await reader.get(path);
      proxy.cut({ refuseNew: true });
      for (const _ of [1, 2]) {
        const error = await rejection(reader.get(path));
        expect(error).toMatchObject({ kind: 'unavailable', code: 'budget_unavailable' });
      }
      expect(await tenant.requests()).toHaveLength(1);
    } finally {
      await pool[Symbol.asyncDispose]();
      await proxy.close();
    }
  });
});
