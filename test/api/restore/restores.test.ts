import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { sealBackupSet } from '#db/backup/backup-manifests.ts';
import { inTenant } from '#db/database.ts';
import { upsertSeenGroups } from '#db/directory/directory-groups.ts';
import { insertRun, transitionRun } from '#db/run/runs.ts';
import { upsertMember } from '#db/tenant/members.ts';
import type { Role } from '#domain/identity/role.ts';
import { idempotencyKey } from '#domain/run/idempotency-key.ts';
import {
  checkDrift,
  executeRestore,
  previewRestore,
  type RestoreRequest,
  syncDirectory,
  undoRestore,
} from '#domain/run/run-requests.ts';
import { type ApiUnderTest, startApi } from '#test/api/support/api-under-test.ts';
import {
  addEndedRestores,
  addPlannedRun,
  finishBackupSet,
  nothingToDo,
} from '#test/api/support/planned-runs.ts';
import { rowCounts } from '#test/api/support/row-counts.ts';
import { createRowStarter } from '#test/api/support/row-starter.ts';
import {
  addBackupSet,
  addRoleHolders,
  buildTenant,
  mintPersonas,
  type Persona,
  principalOf,
  tenantA,
  tenantB,
  tenantNobody,
  type TenantWorld,
} from '#test/api/support/world.ts';

let api: ApiUnderTest;
let tokens: Record<Persona, string>;
let a: TenantWorld;
let b: TenantWorld;
let itemOfA: string;
let itemOfB: string;

beforeAll(async () => {
  api = await startApi({
    deps: {
      runs: {
        start: async (...start) => {
          await justBeforeStart();
          return createRowStarter(api.database.app.db).start(...start);
        },
        cancel: (...run) => createRowStarter(api.database.app.db).cancel(...run),
      },
    },
  });
  [a, b] = [await buildTenant(api, tenantA), await buildTenant(api, tenantB)];
  [itemOfA, itemOfB] = [await finishBackupSet(api, a), await finishBackupSet(api, b)];
  await addRoleHolders(api, tenantA);
  tokens = await mintPersonas(api);
  const known = { securityEnabled: true, mailEnabled: false, onPremises: false } as const;
  const assigned = { membershipType: 'assigned', membershipRule: null } as const;
  await inTenant(api.database.app.db, tenantA, (trx) =>
    upsertSeenGroups(trx, [
      { groupId: groupOfA, displayName: 'Everybody in A', ...known, ...assigned },
      { groupId: goneGroup, displayName: 'Gone', ...known, ...assigned },
    ]),
  );
  await inTenant(api.database.app.db, tenantB, (trx) =>
    upsertSeenGroups(trx, [
      { groupId: groupOfB, displayName: 'Everybody in B', ...known, ...assigned },
    ]),
  );
  await sql`update directory_groups set present = false where group_id = ${goneGroup}`.execute(
    api.database.owner.db,
  );
});
afterAll(() => api.stop());

/** Runs between the checks of a start and its transaction. */
let justBeforeStart: () => Promise<unknown>;
beforeEach(() => {
  justBeforeStart = async () => undefined;
});

/** The runs of a test would block the next one. */
afterEach(async () => {
  const { db } = api.database.owner;
  await sql`
    update runs set status = 'canceled', finished_at = now()
    where status in ('queued', 'running') and operation_type like 'restore.%'`.execute(db);
  await db
    .deleteFrom('members')
    .where('tenant_id', '=', tenantB)
    .where('principal_id', '=', principalOf('manager'))
    .execute();
});

const groupOfA = 'aaaaaaaa-1111-4000-8000-000000000001';
const goneGroup = 'aaaaaaaa-1111-4000-8000-000000000002';
const groupOfB = 'bbbbbbbb-1111-4000-8000-000000000001';

const base = `/api/v1/tenants/${tenantA}`;
const post = (path: string, body: unknown, persona: Persona = 'manager') =>
  api.request(`${base}${path}`, { method: 'POST', token: tokens[persona], body });
const preview = (body: unknown, persona?: Persona) => post('/restore-previews', body, persona);
const restore = (body: unknown, persona?: Persona) => post('/restores', body, persona);
const undo = (runId: string, body: unknown = {}) => post(`/runs/${runId}/undo`, body);
const checkDrifts = (body: unknown) => post('/drift-checks', body, 'operator');

/** The two starts with a source. */
const bothStarts = [
  ['preview', preview],
  ['restore', restore],
] as const;

interface Started {
  readonly run: {
    id: string;
    idempotencyKey: string;
    parameters: Record<string, unknown>;
  };
  readonly reused: boolean;
}

/** Gives the manager of the first tenant a role in the second. */
function addToSource(role: Role) {
  const member = {
    principal_id: principalOf('manager'),
    kind: 'user',
    display_name: null,
  } as const;
  return inTenant(api.database.app.db, tenantB, (trx) => upsertMember(trx, { ...member, role }));
}

/** Sends a request, and checks that the database stays unchanged. */
async function refused(send: () => ReturnType<typeof post>) {
  const before = await rowCounts(api.database);
  const { status, json } = await send();
  expect(await rowCounts(api.database)).toEqual(before);
  const { code, errors, detail } = json as {
    code: string;
    detail: string;
    errors?: { path: string; message: string }[];
  };
  return { status, code, detail, paths: errors?.map((error) => error.path), errors };
}

const badRequest = (...paths: string[]) => ({ status: 400, code: 'invalid_request', paths });

describe('a start', () => {
  const whole = (): RestoreRequest => ({
    backupSetId: a.backupSetId,
    itemIds: [itemOfA],
    groupMapping: { [groupOfB]: groupOfA },
    allowBroadAssignments: true,
    conditionalAccessState: 'asBackedUp',
  });

  it.each([
    ['restore.preview', preview, previewRestore],
    ['restore.execute', restore, executeRestore],
  ] as const)('start of %s answers with a run under the key of the contract', async (...of) => {
    const [operationType, send, work] = of;
    for (const request of [{ backupSetId: a.backupSetId }, whole()]) {
      const answer = await send(request);
      expect([answer.status, answer.json]).toEqual([202, expect.anything()]);
      const { run, reused } = answer.json as Started;
      expect(reused).toBe(false);
      expect(run).toMatchObject({
        operationType,
        target: { type: 'backup_set', id: a.backupSetId },
        parameters: work(tenantA, request).parameters,
        idempotencyKey: idempotencyKey(work(tenantA, request)),
      });
      expect(answer.headers.get('location')).toBe(`${base}/runs/${run.id}`);
      expect((await send(request)).json).toMatchObject({ reused: true, run: { id: run.id } });
      await sql`update runs set status = 'canceled' where id = ${run.id}`.execute(
        api.database.owner.db,
      );
    }
  });

  // Catches: case-sensitive ids, so that one request has two keys.
  it('start accepts ids in either case', async () => {
    const upper = (id: string) => id.toUpperCase();
    const { run } = (await preview(whole())).json as Started;
    const answer = await preview({
      ...whole(),
      backupSetId: upper(a.backupSetId),
      itemIds: [upper(itemOfA), itemOfA],
      groupMapping: { [upper(groupOfB)]: upper(groupOfA) },
    });
    expect(answer.json).toMatchObject({ reused: true, run: { id: run.id } });
  });

  // Catches: a second active restore, and an answer without the id of the first.
  it('start of a second restore is refused with the id of the active one', async () => {
    const { run } = (await restore({ backupSetId: a.backupSetId })).json as Started;
    const other = await refused(() => restore(whole()));
    expect(other).toMatchObject({ status: 409, code: 'conflict' });
    expect(other.detail).toContain(run.id);
    expect((await preview(whole())).status).toBe(202);
  });

  it.each(bothStarts)('start of a %s refuses a foreign or unknown set', async (_name, send) => {
    for (const backupSetId of [b.backupSetId, randomUUID()]) {
      const answer = await refused(() => send({ backupSetId }));
      expect(answer).toMatchObject(badRequest('backupSetId'));
      expect(answer.errors?.[0]?.message).toContain(backupSetId);
    }
  });

  // Catches: a restore of an unfinished backup.
  it.each(bothStarts)('start of a %s refuses an unfinished set', async (_name, send) => {
    const backupSetId = uuidv7();
    await inTenant(api.database.app.db, tenantA, (trx) => addBackupSet(trx, backupSetId));
    expect(await refused(() => send({ backupSetId }))).toMatchObject({
      status: 409,
      code: 'conflict',
    });
    // Faults of the body come before faults of the state.
    const itemIds = [itemOfA];
    expect(await refused(() => send({ backupSetId, itemIds }))).toMatchObject(
      badRequest('itemIds.0'),
    );
  });

  // Catches: a run over a set that retention deletes between the check and the start.
  it('start over a set is refused if retention deletes the set at this moment', async () => {
    const backupSetId = uuidv7();
    await inTenant(api.database.app.db, tenantA, (trx) => addBackupSet(trx, backupSetId));
    await inTenant(api.database.app.db, tenantA, (trx) =>
      sealBackupSet(trx, backupSetId, { whole: true }),
    );
    const going = (at: string | null) =>
      sql`update backup_sets set deleting_at = ${at}::timestamptz where id = ${backupSetId}`.execute(
        api.database.owner.db,
      );
    for (const send of [preview, restore, checkDrifts]) {
      await going(null);
      justBeforeStart = () => going('2026-01-01T00:00:00Z');
      const { status, json } = await send({ backupSetId });
      expect([status, json]).toEqual([
        400,
        expect.objectContaining({ errors: [expect.objectContaining({ path: 'backupSetId' })] }),
      ]);
    }
    const { rows } = await sql`select from runs where target_id = ${backupSetId}`.execute(
      api.database.owner.db,
    );
    expect(rows).toEqual([]);
  });

  // Catches: items looked up by id alone.
  it.each(bothStarts)('start of a %s refuses items of another set', async (_name, send) => {
    const backupSetId = a.backupSetId;
    const itemIds = [itemOfB, itemOfA, randomUUID()];
    const answer = await refused(() => send({ backupSetId, itemIds }));
    expect(answer).toMatchObject(badRequest('itemIds.0', 'itemIds.2'));
    expect(answer.errors?.[0]?.message).toContain(itemOfB);
  });

  it('start accepts as many items as a large set has', async () => {
    const itemIds = Array.from({ length: 4_999 }, () => uuidv7());
    const answer = await preview({ backupSetId: a.backupSetId, itemIds: [itemOfA, ...itemIds] });
    expect(answer).toMatchObject({ status: 400, json: { errors: expect.any(Array) } });
    const { errors } = answer.json as { errors: { path: string }[] };
    expect([errors.length, errors[0]?.path]).toEqual([20, 'itemIds.1']);
  });

  // Catches: a mapping to a deleted, foreign or unknown group.
  it.each(bothStarts)('start of a %s refuses a mapping to unknown groups', async (_name, send) => {
    const [one, two, three, four] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    const groupMapping = {
      [one]: groupOfB,
      [two]: goneGroup,
      [three]: randomUUID(),
      [four]: groupOfA,
    };
    const body = { backupSetId: a.backupSetId, groupMapping };
    const before = await refused(() => send(body));
    const paths = [one, two, three].map((id) => `groupMapping.${id}`);
    expect(before).toMatchObject(badRequest(...paths));
    expect(before.errors?.[0]?.message).toContain('run a directory sync first');
  });

  // Catches: the advice to sync a directory after a sync.
  it('refusal of a mapping advises a directory sync only before the first one', async () => {
    const id = uuidv7();
    const work = syncDirectory(tenantA);
    const initiator = { id: principalOf('owner'), displayName: 'The Owner' };
    await inTenant(api.database.app.db, tenantA, async (trx) => {
      const idempotencyKeyOfSync = idempotencyKey(work);
      await insertRun(trx, {
        ...work,
        id,
        initiator,
        idempotencyKey: idempotencyKeyOfSync,
      });
      await transitionRun(trx, id, 'running');
      await transitionRun(trx, id, 'succeeded');
    });
    await sql`update runs set succeeded = 1, total = 1 where id = ${id}`.execute(
      api.database.owner.db,
    );
    const groupMapping = { [groupOfB]: groupOfB };
    const answer = await refused(() => preview({ backupSetId: a.backupSetId, groupMapping }));
    expect(answer.errors?.[0]?.message).not.toContain('sync first');
  });
});

describe('a mapping of groups', () => {
  const send = (raw: string) =>
    api.request(`${base}/restore-previews`, {
      ...{ method: 'POST', token: tokens.manager },
      raw: `{"backupSetId":"${a.backupSetId}","groupMapping":${raw}}`,
    });

  // Catches: names that zod or an assignment drops in silence, so that the mapping is smaller than the caller's.
  it.each([
    ['a name that is no GUID', `{"x":"${groupOfA}"}`, 'groupMapping.x'],
    ['__proto__', `{"__proto__":"${groupOfA}"}`, 'groupMapping.__proto__'],
    [
      'a group twice, in two cases',
      `{"${groupOfB}":"${groupOfA}","${groupOfB.toUpperCase()}":"${groupOfB}"}`,
      `groupMapping.${groupOfB.toUpperCase()}`,
    ],
    ['a group that is no GUID', `{"${groupOfB}":"x"}`, `groupMapping.${groupOfB}`],
    ['a list', `["${groupOfB}"]`, 'groupMapping'],
    ['a null', 'null', 'groupMapping'],
    [
      '501 groups',
      JSON.stringify(
        Object.fromEntries(Array.from({ length: 501 }, () => [randomUUID(), groupOfA])),
      ),
      'groupMapping',
    ],
  ])('mapping with %s is refused', async (_name, raw, path) => {
    expect(await refused(() => send(raw))).toMatchObject(badRequest(path));
  });
});

describe('a source that is another tenant', () => {
  const fromB = (): RestoreRequest => ({ backupSetId: b.backupSetId, sourceTenantId: tenantB });

  // Catches: a missing role check in the source, and an answer that reveals tenants.
  it.each(bothStarts)('source tenant needs the role operator for a %s', async (_name, send) => {
    const bodies = [tenantB, tenantNobody].map((sourceTenantId) => ({
      ...fromB(),
      sourceTenantId,
    }));
    const details = new Set<string>();
    for (const body of bodies) {
      const answer = await refused(() => send(body));
      expect(answer).toMatchObject({ status: 403, code: 'forbidden' });
      details.add(answer.detail);
    }
    expect(details.size).toBe(1);
    await addToSource('reader');
    // The role check comes before the ids of the source and before all other faults.
    const wrong = { ...fromB(), backupSetId: randomUUID(), previewRunId: undefined };
    expect(await refused(() => send(wrong))).toMatchObject({ status: 403 });
    await addToSource('operator');
    expect((await send(fromB())).status).toBe(202);
  });

  // Catches: a cached role.
  it('source tenant refuses the caller as soon as the role is removed', async () => {
    await addToSource('operator');
    expect((await preview({ ...fromB(), itemIds: [itemOfB] })).status).toBe(202);
    await sql`delete from members where tenant_id = ${tenantB} and principal_id = ${principalOf('manager')}`.execute(
      api.database.owner.db,
    );
    for (const [, send] of bothStarts) {
      expect(await refused(() => send({ ...fromB(), itemIds: [itemOfB] }))).toMatchObject({
        status: 403,
      });
    }
  });

  it('source tenant resolves sets and items itself', async () => {
    await addToSource('owner');
    const ownSet = { ...fromB(), backupSetId: a.backupSetId };
    expect(await refused(() => preview(ownSet))).toMatchObject(badRequest('backupSetId'));
    const ownItem = { ...fromB(), itemIds: [itemOfA] };
    expect(await refused(() => restore(ownItem))).toMatchObject(badRequest('itemIds.0'));
  });

  it('source tenant may be the target itself', async () => {
    const request = { backupSetId: a.backupSetId, sourceTenantId: tenantA };
    const { run } = (await preview(request)).json as Started;
    expect(run.idempotencyKey).toBe(idempotencyKey(previewRestore(tenantA, request)));
  });

  // Catches: rows of the source in lists of the target.
  it('lists of the target show no rows of the source', async () => {
    await addToSource('operator');
    await sql`update policies set display_name = 'Only in B' where tenant_id = ${tenantB}`.execute(
      api.database.owner.db,
    );
    expect((await restore(fromB())).status).toBe(202);
    const lists = ['policies', 'backup-sets', `policies/${a.policyId}/snapshots`];
    for (const list of [...lists, 'directory/groups', 'backup-schedules']) {
      const { status, text } = await api.request(`${base}/${list}`, { token: tokens.manager });
      expect([list, status]).toEqual([list, 200]);
      for (const word of [b.backupSetId, b.policyId, b.snapshotId, groupOfB, 'Only in B']) {
        expect([list, text.includes(word)]).toEqual([list, false]);
      }
    }
  });
});

describe('a restore with a preview', () => {
  const shown = (): RestoreRequest => ({
    backupSetId: a.backupSetId,
    groupMapping: { [groupOfB]: groupOfA },
    allowBroadAssignments: true,
  });
  const made = (
    request: RestoreRequest = shown(),
    status?: Parameters<typeof addPlannedRun>[3],
  ): Promise<string> =>
    addPlannedRun(
      api,
      previewRestore(tenantA, request),
      [{ backupItemId: request.sourceTenantId === tenantB ? itemOfB : itemOfA, plan: nothingToDo }],
      status,
    );

  // Catches: a row without the parameters of the preview, and a key with parameters that the caller left out.
  it('restore with a preview has the preview’s parameters, and a key over the given ones', async () => {
    const previewRunId = await made();
    const request = { backupSetId: a.backupSetId, previewRunId };
    const answer = await restore(request);
    expect(answer.status).toBe(202);
    const { run } = answer.json as Started;
    expect(run.idempotencyKey).toBe(idempotencyKey(executeRestore(tenantA, request)));
    expect(run.parameters).toEqual({
      ...{ previewRunId, backupSetId: a.backupSetId, sourceTenantId: null, itemIds: null },
      ...{ groupMapping: { [groupOfB]: groupOfA }, allowBroadAssignments: true },
    });
  });

  it('restore with a preview may repeat its parameters and choose from its items', async () => {
    const previewRunId = await made(shown(), 'partial');
    const request = { ...shown(), previewRunId, sourceTenantId: tenantA, itemIds: [itemOfA] };
    const { run } = (await restore(request)).json as Started;
    expect(run.parameters).toMatchObject({ itemIds: [itemOfA], previewRunId });
  });

  // Catches: a restore that differs from the approved preview.
  it('restore with a preview refuses parameters that differ', async () => {
    const previewRunId = await made();
    const empty = await made({ backupSetId: a.backupSetId });
    const { backupSetId } = a;
    const otherSet = uuidv7();
    await inTenant(api.database.app.db, tenantA, (trx) => addBackupSet(trx, otherSet));
    await addToSource('operator');
    const wrong: [object, string][] = [
      [{ backupSetId: otherSet }, 'backupSetId'],
      [{ sourceTenantId: tenantB }, 'sourceTenantId'],
      [{ groupMapping: { [groupOfB]: goneGroup } }, 'groupMapping'],
      [{ groupMapping: { [groupOfA]: groupOfA } }, 'groupMapping'],
      [{ allowBroadAssignments: false }, 'allowBroadAssignments'],
      [{ conditionalAccessState: 'asBackedUp' }, 'conditionalAccessState'],
      [{ itemIds: [itemOfA, itemOfB] }, 'itemIds.1'],
      [{ previewRunId: empty, groupMapping: { [groupOfB]: groupOfA } }, 'groupMapping'],
      [{ previewRunId: empty, allowBroadAssignments: true }, 'allowBroadAssignments'],
    ];
    for (const [change, path] of wrong) {
      const answer = await refused(() => restore({ backupSetId, previewRunId, ...change }));
      expect([change, answer]).toEqual([change, expect.objectContaining(badRequest(path))]);
    }
  });

  // Catches: an item without a plan, restored or skipped in silence.
  it('restore with a preview refuses items without a plan', async () => {
    const work = previewRestore(tenantA, { backupSetId: a.backupSetId });
    const previewRunId = await addPlannedRun(
      api,
      work,
      [{ backupItemId: itemOfA, plan: 'not yet' }],
      'partial',
    );
    const body = { backupSetId: a.backupSetId, previewRunId, itemIds: [itemOfA] };
    expect(await refused(() => restore(body))).toMatchObject(badRequest('itemIds.0'));
  });

  it('restore refuses a previewRunId of another operation or tenant', async () => {
    const foreign = await addPlannedRun(
      api,
      previewRestore(tenantB, { backupSetId: b.backupSetId }),
      [],
    );
    const drift = await addPlannedRun(api, checkDrift(tenantA, a.backupSetId), []);
    for (const previewRunId of [foreign, drift, a.runId, randomUUID()]) {
      const answer = await refused(() => restore({ backupSetId: a.backupSetId, previewRunId }));
      expect([previewRunId, answer]).toEqual([
        previewRunId,
        expect.objectContaining(badRequest('previewRunId')),
      ]);
    }
  });

  it.each(['queued', 'running', 'failed', 'canceled'] as const)(
    'restore is refused while its preview is %s',
    async (status) => {
      const previewRunId = await made(shown(), status);
      const body = { backupSetId: a.backupSetId, previewRunId };
      expect(await refused(() => restore(body))).toMatchObject({ status: 409, code: 'conflict' });
    },
  );

  // Catches: a plan of last week carried out today.
  it('restore is refused if its preview is too old', async () => {
    const previewRunId = await made();
    const body = { backupSetId: a.backupSetId, previewRunId };
    const age = (text: string) =>
      sql`update runs set finished_at = now() - ${text}::interval where id = ${previewRunId}`.execute(
        api.database.owner.db,
      );
    await age('24 hours 1 minute');
    expect(await refused(() => restore(body))).toMatchObject({
      status: 409,
      code: 'preview_stale',
    });
    await age('23 hours 59 minutes');
    expect((await restore(body)).status).toBe(202);
  });

  // Catches: a preview from another source as a way around the role there.
  it('restore needs the role in the source of its preview, also if the body leaves the source out', async () => {
    const previewRunId = await made({ backupSetId: b.backupSetId, sourceTenantId: tenantB });
    const body = { backupSetId: b.backupSetId, previewRunId };
    expect(await refused(() => restore(body))).toMatchObject({ status: 403, code: 'forbidden' });
    await addToSource('operator');
    const answer = await restore(body);
    expect(answer.status).toBe(202);
    expect((answer.json as Started).run.parameters).toMatchObject({ sourceTenantId: tenantB });
  });
});

describe('an undo', () => {
  it('start of an undo answers with a run about the restore', async () => {
    const { restoreRunId } = await addEndedRestores(api, a);
    const answer = await undo(restoreRunId, { deleteCreated: true });
    expect(answer).toMatchObject({
      status: 202,
      json: {
        run: {
          operationType: 'restore.undo',
          target: { type: 'run', id: restoreRunId },
          parameters: { runId: restoreRunId, deleteCreated: true },
          idempotencyKey: idempotencyKey(undoRestore(tenantA, restoreRunId, true)),
        },
      },
    });
  });

  it('start of an undo without a body deletes nothing', async () => {
    const { restoreRunId } = await addEndedRestores(api, a);
    const answer = await api.request(`${base}/runs/${restoreRunId}/undo`, {
      ...{ method: 'POST', token: tokens.manager },
    });
    expect(answer).toMatchObject({
      status: 202,
      json: { run: { parameters: { deleteCreated: false } } },
    });
  });

  // Catches: an undo of an active restore, or of a run without writes.
  it('start of an undo refuses active restores and runs of other operations', async () => {
    const { previewRunId } = await addEndedRestores(api, a);
    const work = executeRestore(tenantA, { backupSetId: a.backupSetId });
    const running = await addPlannedRun(api, work, [], 'running');
    for (const runId of [running, previewRunId, a.runId]) {
      const answer = await refused(() => undo(runId));
      expect([runId, answer.status, answer.code]).toEqual([runId, 409, 'conflict']);
    }
  });
});

describe('a drift check', () => {
  it('start of a drift check answers with a run about the set', async () => {
    const { backupSetId } = a;
    expect(await checkDrifts({ backupSetId })).toMatchObject({
      status: 202,
      json: {
        run: {
          operationType: 'drift.check',
          target: { type: 'backup_set', id: backupSetId },
          parameters: { backupSetId },
          idempotencyKey: idempotencyKey(checkDrift(tenantA, backupSetId)),
        },
      },
    });
  });

  it('start of a drift check refuses foreign, unknown and unfinished sets', async () => {
    for (const backupSetId of [b.backupSetId, randomUUID()]) {
      expect(await refused(() => checkDrifts({ backupSetId }))).toMatchObject(
        badRequest('backupSetId'),
      );
    }
    const backupSetId = uuidv7();
    await inTenant(api.database.app.db, tenantA, (trx) => addBackupSet(trx, backupSetId));
    expect(await refused(() => checkDrifts({ backupSetId }))).toMatchObject({ status: 409 });
  });
});
