import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { inTenant, type TenantTrx } from '#db/database.ts';
import { openItemPlan, recordItemPlan } from '#db/restore/item-plans.ts';
import { noteCheckedItem } from '#db/restore/item-progress.ts';
import { copyRestorePlan } from '#db/restore/new-restore-items.ts';
import { listPlanItems } from '#db/restore/restore-items.ts';
import { numberWrites } from '#db/restore/write-order.ts';
import { recordItemOutcome } from '#db/run/run-items.ts';
import { blockOf } from '#domain/restore/mapping/findings.ts';
import type { ItemPlan } from '#domain/restore/plan.ts';
import { newItem, planOf, runWith } from '#test/db/support/restore-rows.ts';
import { newTenant, runIn } from '#test/db/support/run-rows.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { testCipher } from '#test/support/kernel.ts';
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

const names = ['first', 'second', 'third', 'fourth'] as const;

/** A preview with four items, all of them planned, and all but the last ended. */
async function previewed(plans: readonly ItemPlan[]) {
  const items = names.map((name, group) => newItem(tenantId, name, group));
  const run = await runWith(database, tenantId, items);
  await asTenant(async (trx) => {
    for (const [at, plan] of plans.entries()) {
      const ref = { runId: run.id, itemId: items[at]?.itemId ?? '' };
      await recordItemPlan(trx, testCipher, ref, plan);
      await recordItemOutcome(trx, run.id, ref.itemId, { outcome: 'succeeded' });
      await noteCheckedItem(trx, ref, null);
    }
    await numberWrites(trx, run.id, []);
  });
  return { previewRunId: run.id, items };
}

const allPlans = [
  planOf({ desired: '{"first":1}', warnings: [{ code: 'group_unmapped', message: 'W' }] }),
  planOf({ action: 'update', liveHash: 'seen', assignmentsBlocked: true }),
  planOf({ action: 'blocked', blockedBy: blockOf('needs_secret') }),
];

async function copied(from: Parameters<typeof copyRestorePlan>[1]) {
  const run = await runIn(database, tenantId, 'running');
  await asTenant((trx) => copyRestorePlan(trx, from, run.id));
  const page = { after: -1, limit: 100 };
  const items = await asTenant((trx) => listPlanItems(trx, run.id, page));
  return { run: await readRun(database, run), items, rows: await readItems(database, run) };
}

describe('the plan of a preview', () => {
  // Catches: a plan computed anew or lost, items without a plan, and outcomes of the preview's items copied to the
  // restore's.
  it('a restore copies the plans of its preview without their outcomes', async () => {
    const { previewRunId, items: shown } = await previewed(allPlans);
    const { run, items, rows } = await copied({ previewRunId, backupItemIds: null });
    expect(run.total).toBe(3);
    expect(items.map(({ display_name: name }) => name)).toEqual(names.slice(0, 3));
    expect(items.map(({ ordinal }) => ordinal)).toEqual([0, 1, 2]);
    expect(items.map(({ item_id: id }) => id)).toEqual(
      shown.slice(0, 3).map(({ itemId }) => itemId),
    );
    expect(items.map((item) => openItemPlan(testCipher, item))).toEqual(allPlans);
    expect(items.map(({ group_number: group }) => group)).toEqual([0, 1, 2]);
    expect(items[1]).toMatchObject({ live_hash: 'seen', assignments_blocked: true });
    expect(items[2]).toMatchObject({ action: 'blocked', blocked_code: 'needs_secret' });
    for (const item of items) {
      const undone = { write_number: null, checked_at: null, snapshot_id: null };
      expect(item).toMatchObject({ ...undone, outcome: 'pending', attempts: 0 });
    }
    expect(rows.map(({ action }) => action).sort()).toEqual(['create', 'none', 'update']);
    expect(rows.flatMap(({ warnings }) => warnings)).toEqual(allPlans[0]?.warnings);
  });

  // Catches: items nobody chose, and gaps in the order, where lanes would wait.
  it('a restore of chosen items copies their plans alone, numbered without gaps', async () => {
    const { previewRunId, items: shown } = await previewed(allPlans);
    const backupItemIds = [shown[2], shown[0], shown[3]].flatMap((one) => one?.backupItemId ?? []);
    const { run, items } = await copied({ previewRunId, backupItemIds });
    expect(items.map(({ display_name: name }) => name)).toEqual(['first', 'third']);
    expect(items.map(({ ordinal }) => ordinal)).toEqual([0, 1]);
    expect(run.total).toBe(2);
    expect((await copied({ previewRunId, backupItemIds: [uuidv7()] })).run.total).toBe(0);
  });
});

describe('the plan of an item', () => {
  // Catches: a late attempt at planning, changing a plan already carried out.
  it('the first recorded plan of an item stands', async () => {
    const item = newItem(tenantId, 'once');
    const run = await runWith(database, tenantId, [item]);
    const record = (plan: ItemPlan) =>
      asTenant((trx) =>
        recordItemPlan(trx, testCipher, { runId: run.id, itemId: item.itemId }, plan),
      );
    const [first, second] = [planOf({ desired: '{"a":1}' }), planOf({ action: 'none' })];
    expect([await record(first), await record(second)]).toEqual([true, false]);
    const [row] = await asTenant((trx) => listPlanItems(trx, run.id, { after: -1, limit: 1 }));
    expect(openItemPlan(testCipher, row!)).toEqual(first);
  });
});
