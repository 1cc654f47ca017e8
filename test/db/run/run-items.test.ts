import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { inTenant, type TenantTrx } from '#db/database.ts';
import { markItemAttempt } from '#db/run/item-attempts.ts';
import {
  closePendingItems,
  insertRunItems,
  type KnownOutcome,
  type NewRunItem,
  recordItemFailures,
  recordItemOutcome,
} from '#db/run/run-items.ts';
import type { RunItemRow, RunRow } from '#db/tables.ts';
import { failure } from '#domain/run/failure.ts';
import { newTenant, runIn } from '#test/db/support/run-rows.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { readItems, readRun } from '#test/support/runs.ts';

let database: TestDatabase;
let tenantId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  tenantId = await newTenant(database);
});
afterAll(() => database.drop());

function asTenant<T>(work: (trx: TenantTrx) => Promise<T>): Promise<T> {
  return inTenant(database.app.db, tenantId, work);
}

async function runWithItems(number: number): Promise<{ run: RunRow; itemIds: string[] }> {
  const run = await runIn(database, tenantId, 'running');
  const items = Array.from({ length: number }, newItem);
  await asTenant((trx) => insertRunItems(trx, run.id, items));
  return { run, itemIds: items.map(({ itemId }) => itemId) };
}

function newItem(): NewRunItem {
  const common = { policyId: null, policyType: 'scopeTag', displayName: 'Tags', graphId: null };
  return { ...common, itemId: uuidv7(), action: 'none' };
}

const failed: KnownOutcome = { outcome: 'failed', error: failure('graph_forbidden', { a: 1 }) };
const skipped = { outcome: 'skipped', error: failure('canceled') } as const;
const succeeded: KnownOutcome = { outcome: 'succeeded' };

const factsOf = ({ outcome, error_code, error_message, error_context, ...row }: RunItemRow) => ({
  ...{ outcome, error_code, error_message, error_context },
  finished: row.finished_at !== null,
});

describe('the outcome of an item', () => {
  // Catches: an upsert that lets the last outcome win, and counts added unconditionally.
  it('one of several racing outcomes is recorded and counted', async () => {
    const { run, itemIds } = await runWithItems(1);
    const outcomes = [failed, succeeded, skipped, failed, succeeded, skipped];
    const first = await Promise.all(
      outcomes.map((known) =>
        asTenant((trx) => recordItemOutcome(trx, run.id, itemIds[0] ?? '', known)),
      ),
    );
    expect(first.filter(Boolean)).toHaveLength(1);
    const winner = outcomes[first.indexOf(true)]?.outcome ?? 'succeeded';
    const [item] = await readItems(database, run);
    expect(item?.outcome).toBe(winner);
    const { total, succeeded: well, failed: badly, skipped: not } = await readRun(database, run);
    expect({ total, succeeded: well, failed: badly, skipped: not }).toEqual({
      total: 1,
      succeeded: 0,
      failed: 0,
      skipped: 0,
      [winner]: 1,
    });
  });

  // Catches: a lost update between two transactions counting at once.
  it('concurrent outcomes of different items are all counted', async () => {
    const { run, itemIds } = await runWithItems(30);
    await Promise.all(
      itemIds.map((itemId, index) =>
        asTenant((trx) =>
          recordItemOutcome(trx, run.id, itemId, index % 3 === 0 ? failed : succeeded),
        ),
      ),
    );
    expect(await readRun(database, run)).toMatchObject({ total: 30, succeeded: 20, failed: 10 });
  });

  it('closePendingItems leaves known outcomes alone', async () => {
    const { run, itemIds } = await runWithItems(3);
    await asTenant(async (trx) => {
      await recordItemOutcome(trx, run.id, itemIds[1] ?? '', failed);
      await closePendingItems(trx, run.id, skipped);
      await closePendingItems(trx, run.id, skipped);
    });
    const outcomes = (await readItems(database, run)).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['skipped', 'failed', 'skipped']);
    expect(await readRun(database, run)).toMatchObject({ succeeded: 0, failed: 1, skipped: 2 });
  });
});

describe('recordItemFailures', () => {
  // Catches: failures that are given to the wrong items, and an outcome that is overwritten or counted twice.
  it('records what recordItemOutcome would record item by item', async () => {
    const errors = [
      { outcome: 'skipped', error: failure('created_by_restore', { graphId: 'g"1,{}' }) },
      { outcome: 'failed', error: failure('type_unavailable', { policyType: 'scopeTag', n: 1 }) },
      { outcome: 'skipped', error: failure('drifted_since_preview') },
      { outcome: 'failed', error: failure('graph_forbidden', { a: null, b: true }) },
    ] as const;
    // One run is ended item by item, the other in one statement.
    const [looped, set] = [await runWithItems(4), await runWithItems(4)];
    for (const { run, itemIds } of [looped, set]) {
      await asTenant((trx) => recordItemOutcome(trx, run.id, itemIds[1] ?? '', succeeded));
    }
    await asTenant(async (trx) => {
      for (const [at, known] of errors.entries()) {
        await recordItemOutcome(trx, looped.run.id, looped.itemIds[at] ?? '', known);
      }
    });
    const failures = errors.map((known, at) => ({ ...known, itemId: set.itemIds[at] ?? '' }));
    await asTenant((trx) => recordItemFailures(trx, set.run.id, failures));
    await asTenant((trx) => recordItemFailures(trx, set.run.id, failures));
    const facts = (await readItems(database, set.run)).map(factsOf);
    expect(facts).toEqual((await readItems(database, looped.run)).map(factsOf));
    expect(facts.map(({ outcome }) => outcome)).toEqual([
      ...['skipped', 'succeeded', 'skipped', 'failed'],
    ]);
    for (const { run } of [looped, set]) {
      const counts = { total: 4, succeeded: 1, failed: 1, skipped: 2 };
      expect(await readRun(database, run)).toMatchObject(counts);
    }
  });

  it('changes nothing for an empty list', async () => {
    const { run } = await runWithItems(1);
    await asTenant((trx) => recordItemFailures(trx, run.id, []));
    expect(await readRun(database, run)).toMatchObject({ failed: 0, skipped: 0 });
  });
});

describe('closePendingItems', () => {
  // Catches: a range that closes the item after it, or the outcome of an item that is known.
  it('closes the pending items of a range of ordinals alone', async () => {
    const { run, itemIds } = await runWithItems(5);
    for (const [ordinal, itemId] of itemIds.entries()) {
      const row = database.owner.db.updateTable('run_items').where('item_id', '=', itemId);
      await row.set({ ordinal }).execute();
    }
    await asTenant(async (trx) => {
      await recordItemOutcome(trx, run.id, itemIds[2] ?? '', succeeded);
      await closePendingItems(trx, run.id, skipped, { from: 1, to: 4 });
    });
    const outcomes = (await readItems(database, run)).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['pending', 'skipped', 'succeeded', 'skipped', 'pending']);
    expect(await readRun(database, run)).toMatchObject({ succeeded: 1, failed: 0, skipped: 2 });
  });

  it('can give the pending items the outcome succeeded', async () => {
    const { run, itemIds } = await runWithItems(3);
    await asTenant(async (trx) => {
      await recordItemOutcome(trx, run.id, itemIds[0] ?? '', failed);
      await closePendingItems(trx, run.id, { outcome: 'succeeded' });
    });
    expect(await readRun(database, run)).toMatchObject({ succeeded: 2, failed: 1, skipped: 0 });
  });
});

describe('a change of the counts of a run', () => {
  // Catches: counting without `updated_at`, so that the reconciler takes a run in progress for a stale one.
  it.each<[string, (trx: TenantTrx, runId: string, itemId: string) => Promise<unknown>]>([
    ['insertRunItems', (trx, runId) => insertRunItems(trx, runId, [newItem()])],
    ['recordItemOutcome', (trx, runId, itemId) => recordItemOutcome(trx, runId, itemId, failed)],
    ['closePendingItems', (trx, runId) => closePendingItems(trx, runId, skipped)],
    [
      'recordItemFailures',
      (trx, runId, itemId) => recordItemFailures(trx, runId, [{ ...skipped, itemId }]),
    ],
  ])('%s counts and sets updated_at', async (_, change) => {
    const { run, itemIds } = await runWithItems(1);
    const before = await database.owner.db
      .updateTable('runs')
      .set({ updated_at: new Date(0) })
      .where('id', '=', run.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    await asTenant((trx) => change(trx, run.id, itemIds[0] ?? ''));
    const after = await readRun(database, run);
    const countsOf = ({ total, failed: badly, skipped: not }: RunRow) => ({ total, badly, not });
    expect(countsOf(after)).not.toEqual(countsOf(before));
    expect(after.updated_at.valueOf()).toBeGreaterThan(Date.now() - 60_000);
  });
});

describe('the attempts at an item', () => {
  // Catches: a counter incremented by each retry of an activity; attempts after the outcome.
  it('an item keeps its highest attempt before the outcome', async () => {
    const { run, itemIds } = await runWithItems(1);
    const attempt = (number: number) =>
      asTenant((trx) => markItemAttempt(trx, run.id, itemIds[0] ?? '', number));
    for (const number of [1, 3, 3, 2]) expect(await attempt(number)).toBe(true);
    const [item] = await readItems(database, run);
    expect(item?.attempts).toBe(3);
    await asTenant((trx) => recordItemOutcome(trx, run.id, itemIds[0] ?? '', succeeded));
    expect(await attempt(4)).toBe(false);
    const [after] = await readItems(database, run);
    expect(after).toMatchObject({ attempts: 3, started_at: item?.started_at });
  });
});
