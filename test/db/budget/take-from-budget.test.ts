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

/** Lets time pass: what counts in the budget becomes so much older. */
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

/** Takes as fast as answers would come, so that a level is proven. */
async function prove(level: number, options: Partial<GraphBudgetTake> = {}): Promise<void> {
  let used = 0;
  while (used < level) ({ used } = await take(Math.min(20, level - used), options));
  await take(0, options);
}

async function sumOf(calls: Promise<GraphBudgetTaken>[]): Promise<number> {
  return (await Promise.all(calls)).reduce((sum, { granted }) => sum + granted, 0);
}

describe('the budget of a tenant', () => {
  it('is granted up to its limit and no further', async () => {
    await prove(47, { limit: 50 });
    expect(await take(20, { limit: 50 })).toMatchObject({ granted: 3, used: 50 });
    const refused = await take(20, { limit: 50 });
    expect(refused).toMatchObject({ granted: 0, used: 50, workers: 1, effectiveLimit: 50 });
    // The window of the writes is one of 20 s, of which a busy machine may have spent some by now.
    expect(refused.waitSeconds).toBeGreaterThan(10);
    expect(refused.waitSeconds).toBeLessThan(22.1);
  });

  // Catches: a slow start that cannot be left out, and one that is left out by default or in spite of a 429.
  it('is granted at once without the slow start, until a 429 shows a lower limit', async () => {
    const trusting = { slowStart: false };
    expect((await take(200)).granted).toBeLessThan(10);
    expect(await take(200, trusting)).toMatchObject({ granted: 200 });
    await throttled(200);
    expect(await take(200, trusting)).toMatchObject({ granted: 0, effectiveLimit: 180 });
  });

  // Catches: counts by fixed windows, which let twice the limit through around their border; and a slot that ends
  // to count with its window's end, while what was granted late in it has only just arrived.
  it('counts in a sliding window, with a slot at both ends', async () => {
    await prove(30, { limit: 30 });
    await pass(19);
    expect(await take(20, { limit: 30 })).toMatchObject({ granted: 0, used: 30 });
    await pass(1);
    expect(await take(20, { limit: 30 })).toMatchObject({ granted: 0, used: 30 });
    await pass(2);
    expect(await take(20, { limit: 30 })).toMatchObject({ granted: 20, used: 20 });
  });

  it('says when there is room: as soon as enough slots have passed', async () => {
    await prove(10, { limit: 30 });
    await pass(8);
    await prove(30, { limit: 30 });
    const refused = await take(1, { limit: 30 });
    expect(refused.waitSeconds).toBeGreaterThan(12);
    expect(refused.waitSeconds).toBeLessThan(14.1);
    await pass(refused.waitSeconds ?? 0);
    expect(await take(20, { limit: 30 })).toMatchObject({ granted: 10 });
  });

  // Catches: a read of the row without its lock, and a clock that was read before waiting for it.
  it('is not overdrawn by many who take at once', async () => {
    await prove(100, { limit: 100 });
    await pass(30);
    const workers = Array.from({ length: 8 }, () => randomUUID());
    const calls = Array.from({ length: 40 }, (_, n) =>
      take(7, { limit: 100, worker: workers[n % 8] ?? one }),
    );
    expect(await sumOf(calls)).toBe(100);
    expect(await take(1, { limit: 100 })).toMatchObject({ granted: 0, used: 100 });
  });

  it('is one for each tenant and each service', async () => {
    await prove(30, { limit: 30 });
    const other = await newTenant();
    expect(await take(4, { limit: 30 }, other)).toMatchObject({ granted: 4, used: 4 });
    expect(await take(4, { limit: 30, service: 'entra' })).toMatchObject({ granted: 4, used: 4 });
  });

  it('knows windows of seconds and limits of one', async () => {
    const conditionalAccess = { service: 'conditionalAccess', limit: 1, windowSeconds: 2 };
    expect(await take(20, conditionalAccess)).toMatchObject({ granted: 1 });
    const refused = await take(20, conditionalAccess);
    expect(refused.granted).toBe(0);
    expect(refused.waitSeconds).toBeGreaterThan(2);
    expect(refused.waitSeconds).toBeLessThan(2.21);
  });
});

describe('a level that nobody has proven', () => {
  // Catches: a burst into a limit that nobody knows.
  it('is climbed with four requests in flight, then with a tenth of those used', async () => {
    expect(await take(20)).toMatchObject({ granted: 4 });
    expect(await take(20, { inFlight: 4 })).toMatchObject({ granted: 0, waitSeconds: null });
    expect(await take(20, { inFlight: 1 })).toMatchObject({ granted: 3 });
    await prove(100);
    expect(await take(20, { inFlight: 3 })).toMatchObject({ granted: 7 });
    expect(await take(20, { inFlight: 10 })).toMatchObject({ granted: 0, waitSeconds: null });
  });

  it('is climbed by several workers with what one would have in flight', async () => {
    await prove(100);
    expect(await take(20, { worker: two })).toMatchObject({ granted: 5, workers: 2 });
    expect(await take(20)).toMatchObject({ granted: 5, workers: 2 });
    expect(await take(20, { worker: two, inFlight: 5 })).toMatchObject({ granted: 0 });
  });

  // Catches: a level that counts as proven while its requests are unanswered, and one that is forgotten.
  it('is proven by answers, and kept', async () => {
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

  // Catches: a write that counts for one of its two limits only.
  it('is taken from the writes and from the requests', async () => {
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

  // Catches: a write that is lost to the window of writes each time that the requests have no room for it.
  it('costs nothing when there is no request for it', async () => {
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
  it('counts for little more than the window', async () => {
    await takeForRestore(50);
    await pass(20);
    expect(await takeForRestore(1)).toMatchObject({ granted: 0, used: 50 });
    await pass(1.01);
    expect(await takeForRestore(50)).toMatchObject({ granted: 50 });
  });

  it('counts once where writes have no limit of their own', async () => {
    const conditionalAccess = { service: 'conditionalAccess', limit: 1, windowSeconds: 2 };
    expect(await takeForRestore(1, null, conditionalAccess)).toMatchObject({ granted: 1, used: 1 });
    expect(await takeForRestore(1, null, conditionalAccess)).toMatchObject({ granted: 0 });
    await pass(3);
    // A limit of one cannot be divided, and reads of it are not kept out.
    expect(await take(1, conditionalAccess)).toMatchObject({ granted: 1, effectiveLimit: 1 });
  });

  // Catches: deadlocks of those who lock both rows, and reads in between.
  it('is taken by many at once, beside reads, and no limit is overdrawn', async () => {
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

describe('a restore that has asked', () => {
  const trusting = { slowStart: false };

  // Catches: precedence that ends with a refusal, never, or holds for the restore itself.
  it('leaves others four fifths of the limit for a window, granted or not', async () => {
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

  it('leaves them four fifths of what a 429 has shown', async () => {
    await take(200, trusting);
    await throttled(200);
    await takeForRestore(0, null);
    expect(await take(0, trusting)).toMatchObject({ effectiveLimit: 144 });
  });

  it('takes nothing from other tenants and services', async () => {
    await takeForRestore(1);
    expect(await take(0, { ...trusting, service: 'entra' })).toMatchObject({ effectiveLimit: 500 });
    expect(await take(0, trusting, await newTenant())).toMatchObject({ effectiveLimit: 500 });
  });
});

describe('a 429', () => {
  it('blocks the tenant for everybody until its time, and other services and tenants not', async () => {
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

  // Catches: a limit learned from the last of those that were refused together instead of the first.
  it('teaches the limit for a quarter of an hour, which then counts as proven', async () => {
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

  // Catches: a hiccup of the service at the beginning of a run that slows a tenant to a standstill.
  it('teaches no less than a tenth of the limit', async () => {
    await take(4);
    await throttled(4);
    expect(await take(0)).toMatchObject({ effectiveLimit: 50 });
    expect(await take(20)).toMatchObject({ granted: 4 });
  });

  it('of a lower limit lowers what was proven', async () => {
    await prove(200);
    await pass(30);
    for (let n = 0; n < 5; n += 1) await take(20);
    await throttled(100);
    await pass(16 * 60);
    await prove(90);
    expect(await take(20)).toMatchObject({ granted: 9 });
  });
});
