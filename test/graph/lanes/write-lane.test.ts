import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase } from '#db/database.ts';
import { isAmbiguous } from '#graph/wire/write-outcome.ts';
import { startSimulator, type RunningSimulator } from '#simulator/server.ts';
import { limits, windowSeconds } from '#test/graph/support/budgeted-reads.ts';
import { create, writeAll } from '#test/graph/support/budgeted-writes.ts';
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

const methods = ['POST', 'PATCH', 'PUT', 'DELETE'] as const;
const effects = [
  { status: 429 },
  { status: 500 },
  { status: 503, retryAfter: 1 },
  { status: 504 },
  { drop: 'before' },
  { drop: 'after' },
  { drop: 'late', delayMs: 50 },
] as const;

describe('a write of the lane', () => {
  // Catches: the SDK's default chain, since it sends a POST four times, and a retry of our own.
  it.each(methods)(
    "a %s is one request in Graph's log for each kind of failure",
    async (method) => {
      const tenant = await simulatedTenant(simulator, database);
      const match = { tenant: tenant.tenantId };
      for (const [sent, effect] of effects.entries()) {
        await tenant.control('PUT', '/faults', [{ match, times: 10, effect }]);
        const path = method === 'POST' ? create.path : `${create.path}/00000000-0000-4000-8000-1`;
        const body = method === 'DELETE' ? null : create.body;
        const writer = tenant.writer(limits(1_000));
        const error = await rejection(writer.send({ method, path, body }));
        expect([effect, isAmbiguous(error)]).toEqual([
          effect,
          !('status' in effect && effect.status === 429),
        ]);
        const rows = await tenant.requests();
        expect([effect, rows.length]).toEqual([effect, sent + 1]);
        expect(rows.every((row) => row.method === method)).toBe(true);
      }
      await tenant.control('PUT', '/faults', []);
    },
  );
});

describe('the write budget of a tenant', () => {
  // Catches: one budget per process, and writes counted only as requests.
  it('two processes together stay within the write budget in every window', async () => {
    const tenant = await simulatedTenant(simulator, database);
    await tenant.control('PUT', '/throttle', { tenant: tenant.tenantId, latencyMs: 20 });
    const budgets = limits(1_000, 20);
    const writers = [tenant.writer(budgets), tenant.writer(budgets)];
    await Promise.all(writers.map((writer) => writeAll(writer, create, 20)));
    const rows = await tenant.requests();
    expect(rows.map(({ status }) => status)).toEqual(Array.from({ length: 40 }, () => 201));
    expect(mostInWindow(rows, windowSeconds)).toBeLessThanOrEqual(20);
    // The budget must not brake below its limit.
    expect(mostInWindow(rows, windowSeconds)).toBeGreaterThan(15);
  });

  it('a write waits for room in the budget as long as its caller allows, else fails at once', async () => {
    const tenant = await simulatedTenant(simulator, database);
    const writer = tenant.writer(limits(100, 1));
    await writer.admit(create.path);
    await writer.send(create);
    const started = performance.now();
    const refused = await rejection(writer.admit(create.path, { waitMsMax: 1_000 }));
    expect(refused).toMatchObject({ kind: 'throttled', code: 'budget_exhausted', notSent: true });
    expect(refused['retryAfterSeconds']).toBeGreaterThan(3);
    expect(performance.now() - started).toBeLessThan(1_000);
    const controller = new AbortController();
    const reason = new Error('activity canceled');
    const waiting = rejection(writer.admit(create.path, { signal: controller.signal }));
    setTimeout(() => controller.abort(reason), 100);
    expect(await waiting).toBe(reason);
    await writer.admit(create.path);
    expect(performance.now() - started).toBeGreaterThan(3_000);
    // Reads have their own room.
    await tenant.reader(limits(100, 1)).get(create.path);
  });

  // Catches: unsent writes that do not count as in flight, and an answer that does not wake a waiting write.
  it('admitted but unsent writes count as in flight until an answer makes room for the next', async () => {
    const tenant = await simulatedTenant(simulator, database);
    const writer = tenant.writer(limits(100, 100));
    for (let n = 0; n < 4; n += 1) await writer.admit(create.path);
    const refused = await rejection(writer.admit(create.path, { waitMsMax: 300 }));
    expect(refused).toMatchObject({ code: 'budget_exhausted' });
    const next = writer.admit(create.path);
    await writer.send(create);
    await next;
  });

  it('a 429 for a write makes the writes of all processes wait, but no reads', async () => {
    const tenant = await simulatedTenant(simulator, database);
    await tenant.control('PUT', '/faults', [
      { match: { tenant: tenant.tenantId }, times: 1, effect: { status: 429, retryAfter: 30 } },
    ]);
    const writer = tenant.writer(limits(100));
    await writer.admit(create.path);
    const refused = await rejection(writer.send(create));
    expect(refused).toMatchObject({ kind: 'throttled', status: 429, retryAfterSeconds: 30 });
    const held = await rejection(tenant.writer(limits(100)).admit(create.path));
    expect(held).toMatchObject({ code: 'budget_exhausted' });
    expect(held['retryAfterSeconds']).toBeGreaterThan(28);
    await tenant.reader(limits(100)).get(create.path);
  });

  // Catches: admissions without a grant while the budget is unavailable.
  it('a write without Postgres is not admitted: budget_unavailable', async () => {
    const url = new URL(database.url);
    const proxy = await startTcpProxy(url.host);
    url.host = proxy.address;
    const options = { url: url.href, role: 'tenantry_app', poolSize: 2 } as const;
    const pool = openDatabase({ ...options, onError: () => undefined });
    try {
      const tenant = await simulatedTenant(simulator, database);
      const writer = tenant.writer(limits(100), { pool });
      await writer.admit(create.path);
      proxy.cut({ refuseNew: true });
      const error = await rejection(writer.admit(create.path));
      expect(error).toMatchObject({ kind: 'unavailable', code: 'budget_unavailable' });
    } finally {
      await pool[Symbol.asyncDispose]();
      await proxy.close();
    }
  });

  // Catches: a separate counter for the writes of Conditional Access; it has one for all requests.
  it('writes and reads of Conditional Access share one budget', async () => {
    const tenant = await simulatedTenant(simulator, database);
    const path = '/identity/conditionalAccess/namedLocations';
    const [reader, writer] = [tenant.reader(limits(100)), tenant.writer(limits(100))];
    const body = { '@odata.type': '#microsoft.graph.ipNamedLocation', displayName: 'Office' };
    const write = {
      method: 'POST',
      path,
      body: JSON.stringify({ ...body, ipRanges: [] }),
    } as const;
    const send = () => writer.admit(path).then(() => writer.send(write).catch(() => undefined));
    await Promise.all([send(), reader.get(path), send()]);
    const rows = await tenant.requests();
    expect(rows.map(({ status }) => status)).not.toContain(429);
    expect(rows).toHaveLength(3);
    expect(mostInWindow(rows, 1.9)).toBe(1);
  });
});
