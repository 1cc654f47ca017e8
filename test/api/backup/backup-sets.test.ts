import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sealBackupSet } from '#db/backup/backup-manifests.ts';
import { inTenant } from '#db/database.ts';
import { transitionRun } from '#db/run/runs.ts';
import { idempotencyKey } from '#domain/run/idempotency-key.ts';
import { addPolicies, createBackupSet } from '#domain/run/run-requests.ts';
import { type ApiAnswer, type ApiUnderTest, startApi } from '#test/api/support/api-under-test.ts';
import { rowCounts } from '#test/api/support/row-counts.ts';
import {
  addRoleHolders,
  buildTenant,
  document,
  mintPersonas,
  type Persona,
  principalOf,
  tenantA,
  tenantB,
  type TenantWorld,
} from '#test/api/support/world.ts';

let api: ApiUnderTest;
let tokens: Record<Persona, string>;
let a: TenantWorld;
let b: TenantWorld;

beforeAll(async () => {
  api = await startApi();
  [a, b] = [await buildTenant(api, tenantA), await buildTenant(api, tenantB)];
  await addRoleHolders(api, tenantA);
  tokens = await mintPersonas(api);
});
afterAll(() => api.stop());

const sets = `/api/v1/tenants/${tenantA}/backup-sets`;
const post = (path: string, body: unknown, token = tokens.operator) =>
  api.request(path, { method: 'POST', token, body });
const get = (path: string) => api.request(path, { token: tokens.reader });

interface Started {
  readonly run: {
    readonly id: string;
    readonly target: { readonly type: string; readonly id: string };
    readonly idempotencyKey: string;
  };
  readonly reused: boolean;
}

const started = (answer: ApiAnswer) => answer.json as Started;

/** The errors of a refusal by their places. */
function errorsOf(answer: ApiAnswer): string[] {
  const { errors = [] } = answer.json as { errors?: { path: string; message: string }[] };
  return errors.map(({ path }) => path);
}

async function expectRefused(path: string, body: unknown, places: string[]): Promise<void> {
  const before = await rowCounts(api.database);
  const answer = await post(path, body);
  expect([answer.status, (answer.json as { code: string }).code]).toEqual([400, 'invalid_request']);
  expect(errorsOf(answer)).toEqual(places);
  expect(await rowCounts(api.database)).toEqual(before);
}

/** Unique names: equal requests join each other. */
let names = 0;
const freshName = () => `Set ${(names += 1)}`;

describe('the start of a backup', () => {
  // Catches: a set inserted after the answer, another role, an answer without a run.
  it('start of a backup answers with a run whose target set exists at once', async () => {
    const name = freshName();
    const answer = await post(sets, { name: ` ${name} `, all: true });
    expect(answer.status).toBe(202);
    const { run, reused } = started(answer);
    expect(reused).toBe(false);
    expect(answer.headers.get('location')).toBe(`/api/v1/tenants/${tenantA}/runs/${run.id}`);
    expect(run).toMatchObject({
      operationType: 'backup_set.create',
      target: { type: 'backup_set' },
      parameters: { name, all: true, policyIds: null, types: null },
      status: 'queued',
    });
    expect((await get(`${sets}/${run.target.id}`)).json).toEqual({
      id: run.target.id,
      tenantId: tenantA,
      name,
      createdAt: expect.stringMatching(/Z$/),
      createdBy: { id: principalOf('operator'), displayName: expect.any(String) },
      itemCount: 0,
      manifest: { complete: false, contentHash: null, types: [] },
    });
    expect((await post(sets, { name, all: true }, tokens.reader)).status).toBe(403);
  });

  // Catches: a new set for a start that joins a run.
  it('start of a backup joins the active run and creates no second set', async () => {
    const body = { name: freshName(), types: ['scopeTag', 'remediation', 'scopeTag'] };
    const same = { ...body, types: ['remediation', 'scopeTag'] };
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => post(sets, n % 2 === 0 ? body : same)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const starts = answers.map(started);
    expect(new Set(starts.map(({ run }) => run.target.id)).size).toBe(1);
    expect(starts.filter(({ reused }) => !reused)).toHaveLength(1);
    const { items } = (await get(`${sets}?limit=200`)).json as { items: { name: string }[] };
    expect(items.filter(({ name }) => name === body.name)).toHaveLength(1);
  });

  // Catches: a default in the key, the id of the set in the key, and a parameter missing from the key.
  it('key of a backup covers the given parameters and nothing else', async () => {
    const name = freshName();
    const bodies = [
      { name, all: true },
      { name, all: true, includeFoundations: false },
      { name, all: true, includeAssignments: true },
      { name, all: true, full: false },
      { name, types: ['scopeTag'] },
      { name, policyIds: [a.policyId] },
    ] as const;
    const keys = [];
    for (const body of bodies) {
      const { run, reused } = started(await post(sets, body));
      expect([body, reused]).toEqual([body, false]);
      expect(run.idempotencyKey).toBe(idempotencyKey(createBackupSet(tenantA, 'any', body)));
      keys.push(run.idempotencyKey);
    }
    expect(new Set(keys).size).toBe(bodies.length);
  });

  // Catches: case-sensitive ids, and ids in the key as written.
  it('ids are accepted in either case', async () => {
    const name = freshName();
    const upper = await post(sets, { name, policyIds: [a.policyId.toUpperCase()] });
    const lower = await post(sets, { name, policyIds: [a.policyId, a.policyId] });
    expect([upper.status, lower.status]).toEqual([202, 202]);
    expect(started(lower)).toMatchObject({ reused: true, run: { id: started(upper).run.id } });
  });

  // Catches: a default selection, or one of two selections ignored.
  it('start of a backup refuses no selection and two selections', async () => {
    const name = 'X';
    const [types, policyIds] = [['scopeTag'], [a.policyId]];
    for (const body of [
      { name },
      { name, all: true, types },
      { name, all: true, policyIds },
      { name, types, policyIds },
      { name, all: true, types, policyIds },
    ]) {
      await expectRefused(sets, body, ['body']);
    }
    await expectRefused(sets, { name, all: false }, ['all']);
    await expectRefused(sets, { all: true }, ['name']);
    await expectRefused(sets, { name, types: ['scopeTag', 'noSuchType'] }, ['types.1']);
  });

  // Catches: foreign ids accepted, distinguished from unknown ones, or reported without their place.
  it('start of a backup reports each foreign or unknown id alike', async () => {
    const policyIds = [a.policyId, b.policyId, randomUUID(), a.policyId, b.policyId.toUpperCase()];
    const places = ['policyIds.1', 'policyIds.2', 'policyIds.4'];
    await expectRefused(sets, { name: 'X', policyIds }, places);
    await expectRefused(`${sets}/${a.backupSetId}/policies`, { policyIds }, places);
    const foreign = await post(sets, { name: 'X', policyIds: [b.policyId] });
    const unknown = await post(sets, { name: 'X', policyIds: [randomUUID()] });
    const shape = (answer: ApiAnswer) => answer.text.replace(/[0-9a-f-]{36}/g, 'id');
    expect(shape(foreign)).toBe(shape(unknown));
  });

  // Catches: a missing bound, or one off by one.
  it('start of a backup accepts a thousand ids and no more', async () => {
    const ids = Array.from({ length: 1_001 }, () => a.policyId);
    await expectRefused(sets, { name: 'X', policyIds: ids }, ['policyIds']);
    expect((await post(sets, { name: freshName(), policyIds: ids.slice(1) })).status).toBe(202);
  });
});

describe('an addition to a set', () => {
  it('addition has the set as target and in its key', async () => {
    const path = `${sets}/${a.backupSetId}/policies`;
    const body = { policyIds: [a.policyId] };
    const answer = await post(path, body);
    expect(answer.status).toBe(202);
    const { run, reused } = started(answer);
    expect(reused).toBe(false);
    expect(run).toMatchObject({
      operationType: 'backup_set.add_policies',
      target: { type: 'backup_set', id: a.backupSetId },
      parameters: { policyIds: [a.policyId], includeFoundations: null },
      idempotencyKey: idempotencyKey(addPolicies(tenantA, a.backupSetId, body)),
    });
    expect(started(await post(path, body))).toMatchObject({ reused: true, run: { id: run.id } });
    const other = await post(path, { ...body, includeFoundations: true });
    expect(started(other).reused).toBe(false);
  });

  // Catches: an addition to another tenant's set.
  it.each(['', '/items', '/policies'])('another tenant’s set is refused at %s', async (suffix) => {
    const ask = (id: string) =>
      suffix === '/policies'
        ? post(`${sets}/${id}${suffix}`, { policyIds: [a.policyId] })
        : get(`${sets}/${id}${suffix}`);
    expect((await ask(b.backupSetId)).status).toBe(403);
    expect((await ask(randomUUID())).status).toBe(404);
    expect((await ask('no-id')).status).toBe(404);
  });
});

describe('a set that a run has filled', () => {
  // Catches: a missing or renamed member of the contract's set or item, or a member from another column.
  it('finished set shows its manifest and its items', async () => {
    const { db } = api.database.app;
    await inTenant(db, tenantA, (trx) => sealBackupSet(trx, a.backupSetId, { whole: true }));
    const set = (await get(`${sets}/${a.backupSetId}`)).json;
    expect(set).toMatchObject({
      itemCount: 1,
      manifest: {
        complete: true,
        contentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        types: [
          {
            ...{ type: 'settingsCatalogPolicy', listed: 1, captured: 1, failed: 0 },
            ...{ forbidden: 0, unsupported: 0, builtIn: 0 },
          },
        ],
      },
    });
    expect((await get(`${sets}/${a.backupSetId}/items`)).json).toEqual({
      items: [
        {
          backupItemId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          policyId: a.policyId,
          policyType: 'settingsCatalogPolicy',
          displayName: 'Disk encryption',
          graphId: 'g-1',
          snapshotId: a.snapshotId,
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
          bytes: Buffer.byteLength(document),
          warnings: [],
        },
      ],
      nextCursor: null,
    });
    const { items } = (await get(`${sets}?limit=200`)).json as { items: { id: string }[] };
    expect(items.find(({ id }) => id === a.backupSetId)).toEqual(set);
    expect(items.some(({ id }) => id === b.backupSetId)).toBe(false);
  });

  it('unfinished set shows its progress', async () => {
    const { run } = started(await post(sets, { name: freshName(), all: true }));
    const { db } = api.database.app;
    await inTenant(db, tenantA, (trx) => transitionRun(trx, run.id, 'running'));
    await api.database.owner.db
      .updateTable('runs')
      .set({ total: 9, succeeded: 4, failed: 1 })
      .where('id', '=', run.id)
      .execute();
    expect((await get(`/api/v1/tenants/${tenantA}/runs/${run.id}`)).json).toMatchObject({
      counts: { total: 9, pending: 4, succeeded: 4, failed: 1, skipped: 0 },
      progress: { phase: 'capturing', message: '5 of 9 items done' },
    });
  });
});
