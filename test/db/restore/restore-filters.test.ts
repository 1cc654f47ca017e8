import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { inTenant } from '#db/database.ts';
import * as createdObjects from '#db/restore/created-objects.ts';
import * as graphWrites from '#db/restore/graph-writes.ts';
import * as itemPlans from '#db/restore/item-plans.ts';
import * as itemProgress from '#db/restore/item-progress.ts';
import * as newRestoreItems from '#db/restore/new-restore-items.ts';
import * as restoreItems from '#db/restore/restore-items.ts';
import * as restoreReferences from '#db/restore/restore-references.ts';
import * as restoreSources from '#db/restore/restore-sources.ts';
import * as restoredObjects from '#db/restore/restored-objects.ts';
import * as undoableItems from '#db/restore/undoable-items.ts';
import * as unsettledWrites from '#db/restore/unsettled-writes.ts';
import * as writeOrder from '#db/restore/write-order.ts';
import type { ItemPlan } from '#domain/restore/plan.ts';
import { createTwins, madeObject, type Twin, twinCipher } from '#test/db/support/twin-tenants.ts';
import { type FilterCase, rejected, withoutFence } from '#test/db/support/without-fence.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

let database: TestDatabase;
let a: Twin;
let b: Twin;
let plannedItem: restoreItems.RestoreItem;

beforeAll(async () => {
  database = await createTestDatabase();
  ({ a, b } = await createTwins(database));
  plannedItem = await theirItem();
  // The run becomes a restore ended just now, with a write in doubt.
  await database.owner.db
    .updateTable('runs')
    .set({ operation_type: 'restore.undo', status: 'failed', finished_at: new Date() })
    .where('id', '=', b.previewRunId)
    .execute();
});
afterAll(() => database.drop());

/** The item planned by the second tenant's preview. */
async function theirItem() {
  const page = { after: -1, limit: 1 };
  const [item] = await inTenant(database.app.db, b.tenantId, (trx) =>
    restoreItems.listPlanItems(trx, b.previewRunId, page),
  );
  if (item === undefined) throw new Error('the twin has planned nothing');
  return item;
}

const theirWrite = () => ({
  ...{ runId: b.previewRunId, itemId: plannedItem.item_id },
  ...{ policyType: 'scopeTag', displayName: 'Same' },
});

const reference = {
  ...{ policyType: 'scopeTag', sourceGraphId: 'g-9', graphId: null, foundBy: null, itemId: null },
};

const newItem = () => ({
  ...{ itemId: uuidv7(), backupItemId: null, policyType: 'scopeTag', displayName: 'X', group: 0 },
  ...{ sourceTenantId: b.tenantId, sourceGraphId: 'g', sha256: null, targetGraphId: null },
  ...{ targetFoundBy: null, targetCandidates: 0, planned: null },
});

const plan: ItemPlan = {
  ...{ action: 'update', changes: [], desired: '{}', liveHash: 'changed', references: [] },
  ...{ assignments: null, assignmentsBlocked: false, warnings: [], blockedBy: null },
};

/** Plans of restores. */
const planCases: Record<string, FilterCase> = {
  insertRestoreItems: {
    call: (trx) => newRestoreItems.insertRestoreItems(trx, b.previewRunId, [newItem()]),
    expected: rejected,
  },
  copyRestorePlan: {
    call: async (trx) => {
      const from = { previewRunId: b.previewRunId, backupItemIds: null };
      await newRestoreItems.copyRestorePlan(trx, from, a.runId);
      return newRestoreItems.countRestoreItems(trx, a.runId);
    },
    expected: 0,
  },
  insertRestoreReferences: {
    call: (trx) => restoreReferences.insertRestoreReferences(trx, b.previewRunId, [reference]),
    expected: rejected,
  },
  listRestoreReferences: {
    call: (trx) => restoreReferences.listRestoreReferences(trx, b.previewRunId),
    expected: [],
  },
  countRestoreItems: {
    call: (trx) => newRestoreItems.countRestoreItems(trx, b.previewRunId),
    expected: 0,
  },
  numberWrites: { call: (trx) => writeOrder.numberWrites(trx, b.previewRunId, []) },
  listWriteGroups: {
    call: (trx) => writeOrder.listWriteGroups(trx, b.previewRunId),
    expected: [],
  },
  listItemsToPlan: {
    call: (trx) => restoreItems.listItemsToPlan(trx, b.previewRunId, { from: 0, to: 100 }),
    expected: [],
  },
  findItemToWrite: {
    call: (trx) => restoreItems.findItemToWrite(trx, b.previewRunId, 0),
    expected: undefined,
  },
  listPlanItems: {
    call: (trx) => restoreItems.listPlanItems(trx, b.previewRunId, { after: -1, limit: 100 }),
    expected: [],
  },
  listTakenOverItems: {
    call: (trx) => restoreItems.listTakenOverItems(trx, b.previewRunId),
    expected: [],
  },
  listUndoableItems: {
    call: (trx) => undoableItems.listUndoableItems(trx, b.previewRunId),
    expected: [],
  },
  recordItemPlan: {
    call: (trx) => itemPlans.recordItemPlan(trx, twinCipher, theirWrite(), plan),
    expected: false,
  },
  listItemGraphIds: {
    call: (trx) => itemProgress.listItemGraphIds(trx, b.previewRunId, [plannedItem.item_id]),
    expected: new Map(),
  },
  noteCheckedItem: {
    call: (trx) => itemProgress.noteCheckedItem(trx, theirWrite(), null),
  },
  noteWrittenHash: {
    call: (trx) => itemProgress.noteWrittenHash(trx, theirWrite(), 'changed'),
  },
};

/** The functions for writes. */
const writeCases: Record<string, FilterCase> = {
  listGraphWrites: {
    call: (trx) => graphWrites.listGraphWrites(trx, theirWrite()),
    expected: [],
  },
  intendGraphWrite: {
    call: (trx) => {
      const write = { name: 'create', method: 'POST', path: '/x', body: '{}' } as const;
      const sent = { ...write, repeatable: false };
      return graphWrites.intendGraphWrite(trx, twinCipher, theirWrite(), sent, 2);
    },
    expected: null,
  },
  settleGraphWrite: {
    call: (trx) =>
      graphWrites.settleGraphWrite(trx, theirWrite(), 'create', {
        ...{ state: 'done', status: 201, objectId: 'changed', claim: 2 },
      }),
    expected: false,
  },
  listClaimedObjects: {
    call: (trx) => graphWrites.listClaimedObjects(trx, 'scopeTag', [madeObject(b.tenantId)]),
    expected: new Set(),
  },
  listResentCreates: {
    call: (trx) => graphWrites.listResentCreates(trx, b.previewRunId),
    expected: [],
  },
  findUnsettledWriteAge: {
    call: (trx) =>
      unsettledWrites.findUnsettledWriteAge(trx, {
        ...{ runId: a.previewRunId, settleSeconds: 3_600 },
      }),
    expected: null,
  },
  recordCreatedObject: {
    call: (trx) => {
      const created = { objectId: 'changed', status: 201, claim: 2 };
      return createdObjects.recordCreatedObject(trx, plannedItem, created);
    },
    expected: false,
  },
  noteItemObject: {
    call: async (trx) => {
      const seen = { graphId: 'changed', displayName: 'X', platform: null, lastModifiedAt: null };
      await createdObjects.noteItemObject(trx, plannedItem, seen);
    },
  },
  listRestoredObjects: {
    call: (trx) => restoredObjects.listRestoredObjects(trx, b.tenantId),
    expected: [],
  },
  noteRestoredObject: {
    call: (trx) =>
      restoredObjects.noteRestoredObject(trx, b.previewRunId, b.tenantId, {
        ...{ policyType: 'scopeTag', sourceGraphId: 'g-source', graphId: 'changed' },
      }),
    expected: rejected,
  },
  listRestorableItems: {
    call: (trx) => restoreSources.listRestorableItems(trx, b.backupSetId),
    expected: [],
  },
  listItemReferences: {
    call: (trx) => restoreSources.listItemReferences(trx, b.backupSetId),
    expected: [],
  },
  listNamedObjects: {
    call: (trx) =>
      restoreSources.listNamedObjects(trx, [{ policyType: 'scopeTag', graphId: 'G-1' }]),
    expected: [expect.objectContaining({ graphId: 'g-1' })],
  },
};

const cases: Readonly<Record<string, FilterCase>> = { ...planCases, ...writeCases };

/** Functions without a transaction of a tenant, and the reasons. */
const withoutTenant: Record<string, string> = {
  openItemPlan: 'opens a row with the key of the tenant that it names',
};

describe('a function of restores, without row-level security behind it', () => {
  // Catches: a repository function never tried with another tenant's ids.
  it('every repository function of restores has a case here', () => {
    const modules = [
      createdObjects,
      graphWrites,
      itemPlans,
      itemProgress,
      newRestoreItems,
      restoreItems,
      restoreReferences,
      restoreSources,
      restoredObjects,
      undoableItems,
      unsettledWrites,
      writeOrder,
    ];
    const functions = modules
      .flatMap((module) => Object.entries(module))
      .flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
    expect([...Object.keys(cases), ...Object.keys(withoutTenant)].sort()).toEqual(functions.sort());
  });

  // Catches, one mutation a case: the removal of its "where tenant_id".
  it.each(Object.keys(cases))(
    '%s leaves the other tenant alone without row-level security',
    async (name) => {
      const one = cases[name]!;
      const { result, before, after } = await withoutFence(
        database,
        { own: a.tenantId, foreign: b.tenantId },
        one,
      );
      expect(after).toEqual(before);
      if (Object.hasOwn(one, 'expected')) expect(result).toEqual(one.expected);
      expect(JSON.stringify(result) ?? '').not.toContain(b.tenantId);
    },
  );
});
