import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { ItemPlan } from '#domain/restore/plan.ts';
import {
  checkDrift,
  executeRestore,
  previewRestore,
  undoRestore,
} from '#domain/run/run-requests.ts';
import { type ApiUnderTest, startApi } from '#test/api/support/api-under-test.ts';
import {
  addPlannedRun,
  finishBackupSet,
  nothingToDo,
  oddValue,
  plannedUpdate,
  type PlannedItem,
} from '#test/api/support/planned-runs.ts';
import {
  addRoleHolders,
  buildTenant,
  mintPersonas,
  type Persona,
  tenantA,
  tenantB,
  type TenantWorld,
} from '#test/api/support/world.ts';
import { overwritePlans } from '#test/db/support/restore-rows.ts';

let api: ApiUnderTest;
let tokens: Record<Persona, string>;
let a: TenantWorld;
let b: TenantWorld;
let backupItemId: string;

beforeAll(async () => {
  api = await startApi();
  [a, b] = [await buildTenant(api, tenantA), await buildTenant(api, tenantB)];
  backupItemId = await finishBackupSet(api, a);
  await addRoleHolders(api, tenantA);
  tokens = await mintPersonas(api);
});
afterAll(() => api.stop());

const pathOf = (runId: string) => `/api/v1/tenants/${tenantA}/runs/${runId}/preview`;
const read = (runId: string, method = 'GET') =>
  api.request(pathOf(runId), { method, token: tokens.reader });
const previewOf = (items: readonly PlannedItem[], status?: 'running') =>
  addPlannedRun(api, previewRestore(tenantA, { backupSetId: a.backupSetId }), items, status);

const update = plannedUpdate;

const blocked: ItemPlan = {
  ...nothingToDo,
  action: 'blocked',
  blockedBy: { code: 'needs_secret', message: 'A secret is needed.' },
};

describe('the preview of a run', () => {
  // Catches: a missing member of the contract, and a part of the desired document in the answer.
  it('preview shows every planned item in the order of writing', async () => {
    const runId = await previewOf([
      { backupItemId, graphId: 'g-1', displayName: 'Update "me" \ud800', plan: update },
      { backupItemId, graphId: null, plan: { ...nothingToDo, action: 'create' } },
      { backupItemId, graphId: 'g-2', plan: blocked },
      { backupItemId, graphId: 'g-gone', plan: { ...nothingToDo, action: 'create' } },
    ]);
    const answer = await read(runId);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const { items, ...run } = answer.json as { items: Record<string, unknown>[] };
    expect(run).toEqual({ runId, status: 'succeeded' });
    const common = { backupItemId, policyType: 'settingsCatalogPolicy' };
    const { references, assignments, warnings } = update;
    expect(items).toEqual([
      {
        ...{ ...common, references, assignments, warnings, displayName: 'Update "me" \ufffd' },
        ...{ itemId: expect.any(String), graphId: 'g-1', action: 'update', blockedBy: null },
        changes: [
          expect.objectContaining({ path: 'item.settings[a b]' }),
          { path: 'item."__proto__"', before: null, after: '****' },
        ],
      },
      expect.objectContaining({ ...common, action: 'create', graphId: null, changes: [] }),
      expect.objectContaining({ action: 'blocked', blockedBy: blocked.blockedBy, graphId: 'g-2' }),
      // The object of the listing is gone by now.
      expect.objectContaining({ action: 'create', graphId: null }),
    ]);
  });

  // Catches: parsed values, which change numbers.
  it('preview keeps numbers and texts as Graph wrote them', async () => {
    const { text } = await read(await previewOf([{ backupItemId, plan: update }]));
    expect(text).toContain(`"before":${oddValue},"after":1e400`);
  });

  it('preview leaves unplanned items out, and shows the deletions of an undo', async () => {
    const going = await previewOf(
      [
        { backupItemId, plan: 'not yet' },
        { backupItemId, graphId: 'g-1', plan: nothingToDo },
      ],
      'running',
    );
    expect((await read(going)).json).toEqual({
      ...{ runId: going, status: 'running' },
      items: [expect.objectContaining({ action: 'none', graphId: 'g-1' })],
    });
    const none = await previewOf([], 'running');
    expect((await read(none)).json).toEqual({ runId: none, status: 'running', items: [] });
    const undo = undoRestore(tenantA, going, true);
    const undone = await addPlannedRun(api, undo, [
      { backupItemId: null, graphId: 'g-3', plan: 'delete' },
    ]);
    expect((await read(undone)).json).toMatchObject({
      items: [
        {
          ...{ action: 'delete', graphId: 'g-3', backupItemId: null, changes: [], references: [] },
          ...{ assignments: null, warnings: [], blockedBy: null },
        },
      ],
    });
  });

  // Catches: a lost or repeated page.
  it.each([19, 20, 21, 45])('preview shows each of %d items once', async (count) => {
    const names = Array.from({ length: count }, (_, n) => `Item ${n}`);
    const runId = await previewOf(
      names.map((displayName) => ({ backupItemId, displayName, plan: update })),
    );
    const { items } = (await read(runId)).json as { items: { displayName: string }[] };
    expect(items.map((item) => item.displayName)).toEqual(names);
  });

  it('preview exists for every planning run and for no other', async () => {
    const item = { backupItemId, plan: nothingToDo };
    const { backupSetId } = a;
    for (const work of [
      checkDrift(tenantA, backupSetId),
      executeRestore(tenantA, { backupSetId }),
    ]) {
      expect((await read(await addPlannedRun(api, work, [item]))).status).toBe(200);
    }
    expect(await read(a.runId)).toMatchObject({ status: 404, json: { code: 'not_found' } });
  });

  it('preview of another tenant’s run is refused', async () => {
    const work = previewRestore(tenantB, { backupSetId: b.backupSetId });
    const foreign = await addPlannedRun(api, work, [{ backupItemId, plan: nothingToDo }]);
    expect((await read(foreign)).status).toBe(403);
  });

  it('preview answers HEAD without a body', async () => {
    const runId = await previewOf([{ backupItemId, plan: update }]);
    expect(await read(runId, 'HEAD')).toMatchObject({ status: 200, text: '' });
  });
});

describe('a stored plan that was changed', () => {
  /** Damages the plan of an item. */
  const damage = (runId: string, ordinal: number) =>
    sql`
      update restore_items r set ciphertext = set_byte(ciphertext, 3, 1 + get_byte(ciphertext, 3) % 255)
      from run_items i where i.run_id = r.run_id and i.item_id = r.item_id
        and r.run_id = ${runId} and i.ordinal = ${ordinal}`.execute(api.database.owner.db);
  const many = () =>
    previewOf(Array.from({ length: 30 }, () => ({ backupItemId, plan: nothingToDo })));

  // Catches: a plan shown without a check of its hash.
  it('a damaged plan in the first piece is a problem document', async () => {
    const runId = await many();
    await damage(runId, 3);
    expect(await read(runId)).toMatchObject({ status: 500, json: { code: 'snapshot_corrupt' } });
  });

  // Catches: a plan of later code shown in part, and an error without a code.
  it('a plan of an unknown version is the problem snapshot_corrupt', async () => {
    const runId = await previewOf([{ backupItemId, plan: nothingToDo }]);
    const run = { id: runId, tenant_id: tenantA };
    await overwritePlans(api.database, api.cipher, run, '{"version":99}');
    expect(await read(runId)).toMatchObject({ status: 500, json: { code: 'snapshot_corrupt' } });
  });

  // Catches: a truncated answer with a regular end, which some parsers would repair.
  it('a damaged plan in a later piece cuts the connection', async () => {
    const runId = await many();
    await damage(runId, 25);
    await expect(read(runId)).rejects.toThrow(/terminated|fetch failed|other side closed/);
    expect((await api.request('/healthz')).status).toBe(200);
  });
});
