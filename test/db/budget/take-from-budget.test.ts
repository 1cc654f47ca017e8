import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type GraphThrottling, noteGraphThrottled } from '#db/budget/note-throttled.ts';
import {
  type GraphBudgetTake,
  type GraphBudgetTaken,
  takeGraphBudget,
  takeGraphBudgetForRestore,
} from '#db/budget/take-from-budget.ts';
import { inTenant } from '#db/database.ts';
import { insertTenant } from '#db/tenant/tenants.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

let database: TestDatabase;
let tenantId = '';

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  tenantId = await newTenant();
});

const one = randomUUID();
const two = randomUUID();

async function newTenant(): Promise<string> {
  const id = randomUUID();
  const tenant = { tenantId: id, displayName: 'Tenant', createdBy: 'x' };
  await inTenant(database.app.db, id, (trx) => insertTenant(trx, tenant));
  return id;
}

function take(wanted: number, options: Partial<GraphBudgetTake> = {}, tenant = tenantId) {
  const base = {
    ...{ service: 'intune', inFlight: 0, limit: 500, windowSeconds: 20, worker: one },
    slowStart: true,
  };
  return inTenant(database.app.db, tenant, (trx) =>
    takeGraphBudget(trx, { ...base, wanted, ...options }),
  );
}

function takeForRestore(
  wanted: number,
  writesLimit: number | null = 50,
  options: Partial<GraphBudgetTake> = {},
) {
  const base = { service: 'intune', inFlight: 0, limit: 500, windowSeconds: 20 };
  const take = { ...base, worker: two, slowStart: false, wanted, ...options };
  const writes =
    writesLimit === null
      ? null
      : { service: 'intuneWrites', limit: writesLimit, windowSeconds: take.windowSeconds };
  return inTenant(database.app.db, tenantId, (trx) => takeGraphBudgetForRestore(trx, take, writes));
}

function throttled(used: number, options: Partial<GraphThrottling> = {}) {
  const base = { service: 'intune', limit: 500, blockedSeconds: 0 };
  return inTenant(database.app.db, tenantId, (trx) =>
    noteGraphThrottled(trx, { ...base, used, ...options }),
  );
}

/** Lets time pass: makes the requests in the budget older. */
async function pass(seconds: number): Promise<void> {
  await sql`
    update graph_budgets set
      slot_at = (select coalesce(array_agg(at - ${seconds * 1000}::bigint order by n), '{}')
        from unnest(slot_at) with ordinality as slot (at, n)),
      restore_asked_at = restore_asked_at - make_interval(secs => ${seconds}),
      blocked_until = blocked_until - make_interval(secs => ${seconds}),
      learned_until = learned_until - make_interval(secs => ${seconds})
    where tenant_id = ${tenantId}`.execute(database.owner.db);
}

/** Takes as fast as answers would arrive, until the level is proven. */
async function prove(level: number, options: Partial<GraphBudgetTake> = {}): Promise<void> {
  let used = 0;
  while (used < level) ({ used } = await take(Math.min(20, level - used), options));
  await take(0, options);
}

async function sumOf(calls: Promise<GraphBudgetTaken>[]): Promise<number> {
  return (await Promise.all(calls)).reduce((sum, { granted }) => sum + granted, 0);
}

describe('the budget of a tenant', () => {
  it('the budget grants requests up to its limit', async () => {
    await prove(47, { limit: 50 });
    expect(await take(20, { limit: 50 })).toMatchObject({ granted: 3, used: 50 });
    const refused = await take(20, { limit: 50 });
    expect(refused).toMatchObject({ granted: 0, used: 50, workers: 1, effectiveLimit: 50 });
    // The window of the writes is one of 20 s, of which a busy machine may have spent some by now.
    expect(refused.waitSeconds).toBeGreaterThan(10);
    expect(refused.waitSeconds).toBeLessThan(22.1);
  });

  // Catches: a slow start without an off switch, or off by default or in spite of a 429.
  it('without the slow start the budget grants its whole limit until a 429', async () => {
    const trusting = { slowStart: false };
    expect((await take(200)).granted).toBeLessThan(10);
    expect(await take(200, trusting)).toMatchObject({ granted: 200 });
    await throttled(200);
    expect(await take(200, trusting)).toMatchObject({ granted: 0, effectiveLimit: 180 });
  });

  // Catches: counts by fixed windows, with twice the limit around a border; a slot counting only until the end of its
  // window, while the last requests granted in it have only just arrived.
  it('the budget counts in a sliding window, with a slot at both ends', async () => {
    await prove(30, { limit: 30 });
    await pass(19);
    expect(await take(20, { limit: 30 })).toMatchObject({ granted: 0, used: 30 });
    await pass(1);
    expect(await take(20, { limit: 30 })).toMatchObject({ granted: 0, used: 30 });
    await pass(2);
    expect(await take(20, { limit: 30 })).toMatchObject({ granted: 20, used: 20 });
  });

  it('a refused take learns when enough slots will have expired', async () => {
    await prove(10, { limit: 30 });
    await pass(8);
    await prove(30, { limit: 30 });
    const refused = await take(1, { limit: 30 });
    expect(refused.waitSeconds).toBeGreaterThan(12);
    expect(refused.waitSeconds).toBeLessThan(14.1);
    await pass(refused.waitSeconds ?? 0);
    expect(await take(20, { limit: 30 })).toMatchObject({ granted: 10 });
  });

  // Catches: a read of the row without its lock, and a clock read before the wait for it.
  it('concurrent takes never exceed the limit', async () => {
    await prove(100, { limit: 100 });
    await pass(30);
    const workers = Array.from({ length: 8 }, () => randomUUID());
    const calls = Array.from({ length: 40 }, (_, n) =>
      take(7, { limit: 100, worker: workers[n % 8] ?? one }),
    );
    expect(await sumOf(calls)).toBe(100);
    expect(await take(1, { limit: 100 })).toMatchObject({ granted: 0, used: 100 });
  });

  it('each tenant and each service has its own budget', async () => {
    await prove(30, { limit: 30 });
    const other = await newTenant();
    expect(await take(4, { limit: 30 }, other)).toMatchObject({ granted: 4, used: 4 });
    expect(await take(4, { limit: 30, service: 'entra' })).toMatchObject({ granted: 4, used: 4 });
  });

  it('the budget allows windows of seconds and limits of one', async () => {
    const conditionalAccess = { service: 'conditionalAccess', limit: 1, windowSeconds: 2 };
    expect(await take(20, conditionalAccess)).toMatchObject({ granted: 1 });
    const refused = await take(20, conditionalAccess);
    expect(refused.granted).toBe(0);
    expect(refused.waitSeconds).toBeGreaterThan(2);
    expect(refused.waitSeconds).toBeLessThan(2.21);
  });
});

describe('an unproven level', () => {
  // Catches: a burst into an unknown limit.
  it('the slow start allows four requests in flight, then a tenth of the used ones', async () => {
    expect(await take(20)).toMatchObject({ granted: 4 });
    expect(await take(20, { inFlight: 4 })).toMatchObject({ granted: 0, waitSeconds: null });
    expect(await take(20, { inFlight: 1 })).toMatchObject({ granted: 3 });
    await prove(100);
    expect(await take(20, { inFlight: 3 })).toMatchObject({ granted: 7 });
    expect(await take(20, { inFlight: 10 })).toMatchObject({ granted: 0, waitSeconds: null });
  });

  it('several workers share the requests in flight of the slow start', async () => {
    await prove(100);
    expect(await take(20, { worker: two })).toMatchObject({ granted: 5, workers: 2 });
    expect(await take(20)).toMatchObject({ granted: 5, workers: 2 });
    expect(await take(20, { worker: two, inFlight: 5 })).toMatchObject({ granted: 0 });
  });

  // Catches: a level taken for proven while its requests are unanswered, or forgotten later.
  it('answers prove a level, and it stays proven', async () => {
    await prove(60);
    await pass(60);
    expect(await take(20)).toMatchObject({ granted: 20, used: 20 });
    expect(await take(20, { inFlight: 20 })).toMatchObject({ granted: 20, used: 40 });
    expect(await take(20, { inFlight: 40 })).toMatchObject({ granted: 20, used: 60 });
    expect(await take(20, { inFlight: 60 })).toMatchObject({ granted: 0, waitSeconds: null });
    expect(await take(20, { inFlight: 0 })).toMatchObject({ granted: 6, used: 66 });
  });
});

describe('a write of a restore', () => {
  const trusting = { slowStart: false };

  // Catches: a write counted for one of its two limits only.
  it('a write counts for the limit of writes and for that of requests', async () => {
    expect(await takeForRestore(2)).toMatchObject({ granted: 2, used: 2, effectiveLimit: 50 });
    expect(await take(0, trusting)).toMatchObject({ used: 2 });
    expect(await take(0, { ...trusting, service: 'intuneWrites' })).toMatchObject({ used: 2 });
    for (let n = 2; n < 50; n += 1) await takeForRestore(1);
    const refused = await takeForRestore(1);
    expect(refused).toMatchObject({ granted: 0, used: 50, effectiveLimit: 50 });
    // The window of the writes is one of 20 s, of which a busy machine may have spent some by now.
    expect(refused.waitSeconds).toBeGreaterThan(10);
    expect(await take(0, trusting)).toMatchObject({ used: 50 });
  });

  // Catches: a write counted in the window of writes although the requests have no room for it.
  it('a write refused by the limit of requests leaves the limit of writes alone', async () => {
    await take(30, { ...trusting, limit: 30 });
    for (let n = 0; n < 5; n += 1) {
      const refused = await takeForRestore(1, 50, { limit: 30 });
      expect(refused).toMatchObject({ granted: 0, used: 30, effectiveLimit: 30 });
      // The window of the writes is one of 20 s, of which a busy machine may have spent some by now.
      expect(refused.waitSeconds).toBeGreaterThan(10);
    }
    expect(await take(0, { ...trusting, service: 'intuneWrites' })).toMatchObject({ used: 0 });
    await pass(22);
    expect(await takeForRestore(1, 50, { limit: 30 })).toMatchObject({ granted: 1, used: 1 });
  });

  // Catches: coarse slots, which take a tenth from the rate of writes.
  it('a write stops counting soon after its window', async () => {
    await takeForRestore(50);
    await pass(20);
    expect(await takeForRestore(1)).toMatchObject({ granted: 0, used: 50 });
    await pass(1.01);
    expect(await takeForRestore(50)).toMatchObject({ granted: 50 });
  });

  it('a write counts once if writes have no limit of their own', async () => {
    const conditionalAccess = { service: 'conditionalAccess', limit: 1, windowSeconds: 2 };
    expect(await takeForRestore(1, null, conditionalAccess)).toMatchObject({ granted: 1, used: 1 });
    expect(await takeForRestore(1, null, conditionalAccess)).toMatchObject({ granted: 0 });
    await pass(3);
    // A limit of one cannot be divided, so reads are not kept out of it.
    expect(await take(1, conditionalAccess)).toMatchObject({ granted: 1, effectiveLimit: 1 });
  });

  // Catches: deadlocks between writes with both rows locked, and with reads in between.
  it('concurrent writes and reads exceed neither limit', async () => {
    const calls = Array.from({ length: 60 }, (_, n) =>
      n % 2 === 0 ? takeForRestore(1, 20, { limit: 40 }) : take(1, { ...trusting, limit: 40 }),
    );
    const granted = (await Promise.all(calls)).map((taken) => taken.granted);
    const writes = granted.filter((_, n) => n % 2 === 0).reduce((sum, count) => sum + count, 0);
    expect(writes).toBeLessThanOrEqual(20);
    const { used } = await take(0, { ...trusting, service: 'intuneWrites' });
    expect(used).toBe(writes);
    expect(granted.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(40);
  });
});

describe('the precedence of a restore', () => {
  const trusting = { slowStart: false };

  // Catches: precedence for ever, or only until a refusal, or against the restore itself.
  it('a take of a restore, granted or not, leaves others four fifths of the limit for a window', async () => {
    expect((await take(500, trusting)).granted).toBe(500);
    expect(await takeForRestore(1)).toMatchObject({ granted: 0 });
    await pass(10);
    expect(await take(1, trusting)).toMatchObject({ granted: 0, effectiveLimit: 400 });
    await pass(13);
    expect(await take(500, trusting)).toMatchObject({ granted: 500, effectiveLimit: 500 });
    await pass(23);
    await takeForRestore(100, null);
    expect(await take(500, trusting)).toMatchObject({ granted: 300, used: 400 });
    expect(await takeForRestore(500, null)).toMatchObject({ granted: 100, used: 500 });
  });

  it('a take of a restore leaves others four fifths of a limit learned from a 429', async () => {
    await take(200, trusting);
    await throttled(200);
    await takeForRestore(0, null);
    expect(await take(0, trusting)).toMatchObject({ effectiveLimit: 144 });
  });

  it('a take of a restore leaves other tenants and services alone', async () => {
    await takeForRestore(1);
    expect(await take(0, { ...trusting, service: 'entra' })).toMatchObject({ effectiveLimit: 500 });
    expect(await take(0, trusting, await newTenant())).toMatchObject({ effectiveLimit: 500 });
  });
});

describe('a 429', () => {
  it('a 429 blocks all workers of the tenant and service, and no other tenant or service', async () => {
    await take(4);
    await throttled(4, { blockedSeconds: 7 });
    const refused = await take(1, { worker: two });
    expect(refused.granted).toBe(0);
    expect(refused.waitSeconds).toBeGreaterThan(6.5);
    expect(refused.waitSeconds).toBeLessThanOrEqual(7);
    expect(await take(1, { service: 'entra' })).toMatchObject({ granted: 1 });
    await throttled(4, { blockedSeconds: 1 });
    expect((await take(1)).waitSeconds).toBeGreaterThan(5);
    await pass(8);
    expect(await take(1)).toMatchObject({ granted: 1 });
  });

  // Catches: a limit learned from the last of several refusals instead of the first.
  it('the limit learned from a 429 holds for a quarter of an hour and counts as proven', async () => {
    await prove(100);
    await throttled(105);
    await throttled(110);
    await pass(30);
    expect(await take(20)).toMatchObject({ granted: 20, effectiveLimit: 94 });
    await prove(94);
    expect(await take(20)).toMatchObject({ granted: 0, used: 94, effectiveLimit: 94 });
    await pass(14 * 60);
    expect(await take(0)).toMatchObject({ effectiveLimit: 94 });
    await pass(60);
    expect(await take(0)).toMatchObject({ effectiveLimit: 500 });
    await prove(94);
    expect(await take(20)).toMatchObject({ granted: 9 });
  });

  // Catches: a tenant slowed to a standstill by a hiccup of the service at the beginning of a run.
  it('the limit learned from a 429 is at least a tenth of the configured one', async () => {
    await take(4);
    await throttled(4);
    expect(await take(0)).toMatchObject({ effectiveLimit: 50 });
    expect(await take(20)).toMatchObject({ granted: 4 });
  });

  it('a 429 at a lower level lowers the proven level', async () => {
    await prove(200);
    await pass(30);
    for (let n = 0; n < 5; n += 1) await take(20);
    await throttled(100);
    await pass(16 * 60);
    await prove(90);
    expect(await take(20)).toMatchObject({ granted: 9 });
  });
});
