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

describe('the budget of a tenant', () => {
  // Catches: a budget of each process by itself, windows that are fixed, grants that are counted when they are asked
  // for and used later, and a count that leaves out the members of a batch.
  it('is kept to by two processes together in every window', async () => {
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
    // It is a budget and no brake.
    expect(mostInWindow(rows, windowSeconds)).toBeGreaterThan(60);
  });

  // Catches: a wait that holds an activity's slot for as long as Graph likes.
  it('sends a get away at once when there is no room soon, and holds it when there is', async () => {
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
    // Another service has a budget of its own; one request in two seconds is worth waiting for.
    const started = performance.now();
    await Promise.all(
      [1, 2].map(() => reader.get('/identity/conditionalAccess/policies').catch(() => null)),
    );
    expect(performance.now() - started).toBeGreaterThan(1_900);
    // Not refused and come back after ten seconds.
    expect(performance.now() - started).toBeLessThan(9_000);
  });

  // Catches: the reads of a restore in one queue with a backup's, counted as such, or waiting for as long.
  it('has room for the reads of a restore when others have none, and holds them as long as they say', async () => {
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

  it('lets a caller go who gives up while there is no room', async () => {
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

  it('lets a 429 of one process hold all of them, for its tenant and no other', async () => {
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

  // Catches: a budget that is passed over when it cannot be asked.
  it('is asked before anything is sent: without Postgres nothing goes out', async () => {
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
