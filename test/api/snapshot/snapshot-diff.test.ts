import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { inTenant } from '#db/database.ts';
import { insertRun } from '#db/run/runs.ts';
import { insertSnapshots } from '#db/snapshot/snapshots.ts';
import { idempotencyKey } from '#domain/run/idempotency-key.ts';
import { captureSnapshot } from '#domain/run/run-requests.ts';
import { type ApiUnderTest, startApi } from '#test/api/support/api-under-test.ts';
import {
  addRoleHolders,
  buildTenant,
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

/** Adds a snapshot of the tenant's policy with a run of its own. Returns its id. */
async function keep(item: string, policyType = 'settingsCatalogPolicy'): Promise<string> {
  const [id, runId] = [uuidv7(), uuidv7()];
  const work = captureSnapshot(tenantA, a.policyId);
  await inTenant(api.database.app.db, tenantA, async (trx) => {
    await insertRun(trx, {
      ...work,
      id: runId,
      idempotencyKey: idempotencyKey({ ...work, context: { test: id } }),
      initiator: { id: principalOf('owner'), displayName: 'The Owner' },
    });
    const about = { policyId: a.policyId, policyType, graphId: 'g-1', displayName: 'Disk' };
    const document = `{"item":${item},"children":{},"assignments":[]}`;
    const known = { revision: null, assignmentsHash: null, references: [], warnings: [] };
    const snapshot = { id, ...about, document, complete: true, ...known };
    await insertSnapshots(trx, api.cipher, runId, [snapshot]);
  });
  return id;
}

const diff = (snapshotId: string, query: string) =>
  api.request(`/api/v1/tenants/${tenantA}/snapshots/${snapshotId}/diff${query}`, {
    token: tokens.reader,
  });

describe('the diff of two snapshots', () => {
  // Catches: swapped sides, and parsed values (numbers change, __proto__ is lost).
  it('diff shows the changes since the other snapshot, byte for byte', async () => {
    const older = await keep('{"n":9007199254740993,"__proto__":{"a":1}}');
    const newer = await keep('{"n":9007199254740995,"__proto__":{"a":1.0},"id":"new"}');
    const answer = await diff(newer, `?against=${older.toUpperCase()}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.text).toBe(
      `{"snapshotId":"${newer}","against":"${older}","changes":[` +
        '{"path":"item.__proto__.a","before":1,"after":1.0},' +
        '{"path":"item.n","before":9007199254740993,"after":9007199254740995}]}',
    );
    expect((await diff(newer, `?against=${newer}`)).json).toMatchObject({ changes: [] });
  });

  // Catches: a foreign id distinguished from an unknown one, and a comparison of different types.
  it('diff against a foreign or unknown snapshot, or one of another type, is refused', async () => {
    const other = await keep('{}', 'scopeTag');
    const foreign = await diff(a.snapshotId, `?against=${b.snapshotId}`);
    const unknownId = randomUUID();
    const unknown = await diff(a.snapshotId, `?against=${unknownId}`);
    const generic = (text: string, id: string) =>
      text.replaceAll(id, 'ID').replace(/"requestId":"[^"]+"/, '');
    expect(generic(foreign.text, b.snapshotId)).toBe(generic(unknown.text, unknownId));
    for (const [answer, said] of [
      [foreign, b.snapshotId],
      [unknown, unknownId],
      [await diff(a.snapshotId, `?against=${other}`), 'scopeTag'],
      [await diff(a.snapshotId, '?against=nothing'), 'GUID'],
      [await diff(a.snapshotId, ''), ''],
    ] as const) {
      expect([answer.status, answer.json]).toEqual([
        400,
        expect.objectContaining({
          code: 'invalid_request',
          errors: [{ path: 'against', message: expect.stringContaining(said) }],
        }),
      ]);
    }
  });

  // Catches: damage of a side shown as a change.
  it('diff is refused if a snapshot is damaged', async () => {
    const [sound, damaged] = [await keep('{"sound":1}'), await keep('{"damaged":1}')];
    await sql`update snapshot_contents set ciphertext = set_byte(ciphertext, 3, get_byte(ciphertext, 3) # 1)
      where sha256 = (select sha256 from snapshots where id = ${damaged})`.execute(
      api.database.owner.db,
    );
    for (const [one, other] of [
      [sound, damaged],
      [damaged, sound],
    ] as const) {
      const answer = await diff(one, `?against=${other}`);
      expect([answer.status, answer.json]).toEqual([
        500,
        expect.objectContaining({ code: 'snapshot_corrupt' }),
      ]);
    }
  });
});
