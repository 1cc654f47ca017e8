import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { inTenant, type TenantTrx } from '#db/database.ts';
import { insertRestoreItems, type NewRestoreItem } from '#db/restore/new-restore-items.ts';
import { findItemToWrite } from '#db/restore/restore-items.ts';
import { listWriteGroups, numberWrites } from '#db/restore/write-order.ts';
import { recordItemOutcome } from '#db/run/run-items.ts';
import { newTenant, runIn } from '#test/db/support/run-rows.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

const slow = 'conditionalAccessPolicy';
const quick = 'settingsCatalogPolicy';

let database: TestDatabase;
let tenantId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  tenantId = await newTenant(database);
});
afterAll(() => database.drop());

function itemOf(displayName: string, policyType: string, group: number): NewRestoreItem {
  return {
    ...{ itemId: uuidv7(), backupItemId: null, policyType, displayName, group, planned: null },
    ...{ sourceTenantId: tenantId, sourceGraphId: displayName, sha256: Buffer.alloc(32) },
    ...{ targetGraphId: null, targetFoundBy: null, targetCandidates: 0 },
  };
}

/** Plans the items, ends those named in `ended`, numbers the others. Returns their names by number, and the groups. */
async function numbered(items: readonly NewRestoreItem[], ended: readonly string[]) {
  const { id: runId } = await runIn(database, tenantId, 'running');
  return inTenant(database.app.db, tenantId, async (trx) => {
    await insertRestoreItems(trx, runId, items);
    for (const { itemId } of items.filter(({ displayName }) => ended.includes(displayName))) {
      await recordItemOutcome(trx, runId, itemId, { outcome: 'succeeded' });
    }
    await numberWrites(trx, runId, [slow]);
    const rows = await trx
      .selectFrom('restore_items')
      .select(['source_graph_id', 'write_number'])
      .where('run_id', '=', runId)
      .where('write_number', 'is not', null)
      .orderBy('write_number')
      .execute();
    const groups = await listWriteGroups(trx, runId);
    return {
      numbers: rows.map((row) => row.write_number),
      names: rows.map((row) => row.source_graph_id),
      groups,
    };
  });
}

describe('the order in which items are written', () => {
  // Catches: slow items one after the other at the head of their group, where they take all lanes.
  it('numberWrites spreads slow items among the others of their group', async () => {
    const items = [
      ...['slow 1', 'slow 2'].map((name) => itemOf(name, slow, 0)),
      ...['a', 'b', 'c', 'd'].map((name) => itemOf(name, quick, 0)),
    ];
    const { names } = await numbered(items, []);
    expect(names).toEqual(['slow 1', 'a', 'b', 'slow 2', 'c', 'd']);
  });

  // Catches: places counted over all groups, ordinals without the groups, and numbers for ended items.
  it('numberWrites numbers the pending items group by group without gaps', async () => {
    const items = [
      ...['a', 'b', 'c'].map((name) => itemOf(name, quick, 0)),
      ...['slow 1', 'slow 2'].map((name) => itemOf(name, slow, 2)),
      ...['d', 'e'].map((name) => itemOf(name, quick, 2)),
      itemOf('f', quick, 5),
    ];
    const { names, numbers, groups } = await numbered(items, ['b', 'slow 1']);
    expect(names).toEqual(['a', 'c', 'slow 2', 'd', 'e', 'f']);
    expect(numbers).toEqual([0, 1, 2, 3, 4, 5]);
    expect(groups).toEqual([
      { from: 0, to: 2 },
      { from: 2, to: 5 },
      { from: 5, to: 6 },
    ]);
  });

  // Catches: numbers changed by a retry of the outline, so that an item is handed out twice or never.
  it('numberWrites keeps the numbers on a retry', async () => {
    const names = ['first', 'second', 'third', 'fourth'];
    const items = names.map((name) => itemOf(name, quick, 0));
    const { id: runId } = await runIn(database, tenantId, 'running');
    const asTenant = <T>(work: (trx: TenantTrx) => Promise<T>) =>
      inTenant(database.app.db, tenantId, work);
    await asTenant((trx) => insertRestoreItems(trx, runId, items));
    const number = () => asTenant((trx) => numberWrites(trx, runId, []));
    const order = () =>
      asTenant((trx) =>
        Promise.all(
          names.map(async (_, at) => {
            const found = await findItemToWrite(trx, runId, at);
            return found?.display_name;
          }),
        ),
      );
    await number();
    expect(await order()).toEqual(names);
    await asTenant((trx) =>
      recordItemOutcome(trx, runId, items[0]?.itemId ?? '', { outcome: 'succeeded' }),
    );
    await number();
    expect(await order()).toEqual(names);
  });
});
