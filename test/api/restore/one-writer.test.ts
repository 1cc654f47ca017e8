import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { sealBackupSet } from '#db/backup/backup-manifests.ts';
import { inTenant } from '#db/database.ts';
import { type ApiUnderTest, startApi } from '#test/api/support/api-under-test.ts';
import { rowCounts } from '#test/api/support/row-counts.ts';
import {
  addBackupSet,
  addRoleHolders,
  buildTenant,
  mintPersonas,
  type Persona,
  principalOf,
  tenantA,
} from '#test/api/support/world.ts';

const atOnce = 20;
const restoresPath = `/api/v1/tenants/${tenantA}/restores`;

let api: ApiUnderTest;
let tokens: Record<Persona, string>;
let sets: string[];

beforeAll(async () => {
  api = await startApi();
  await buildTenant(api, tenantA);
  await addRoleHolders(api, tenantA);
  tokens = await mintPersonas(api);
  sets = Array.from({ length: atOnce }, () => uuidv7());
  await inTenant(api.database.app.db, tenantA, async (trx) => {
    for (const set of sets) {
      await addBackupSet(trx, set);
      await sealBackupSet(trx, set, { whole: true });
    }
  });
});
afterAll(() => api.stop());

const restore = (backupSetId: string | undefined) =>
  api.request(restoresPath, { method: 'POST', token: tokens.manager, body: { backupSetId } });

interface Started {
  readonly run: { readonly id: string };
  readonly reused: boolean;
}

describe('a restore', () => {
  // Catches: a restore without an audit event.
  it('restore does not start while the audit trail cannot be written', async () => {
    const { db } = api.database.owner;
    const before = await rowCounts(api.database);
    for (const right of ['insert on audit_events', 'update (seq, hash) on audit_heads']) {
      await sql.raw(`revoke ${right} from tenantry_app`).execute(db);
      try {
        const answer = await restore(sets[0]);
        expect([answer.status, answer.json]).toEqual([
          503,
          expect.objectContaining({ code: 'unavailable' }),
        ]);
        expect(answer.text).not.toMatch(/permission|audit_|\.ts/);
        expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      } finally {
        await sql.raw(`grant ${right} to tenantry_app`).execute(db);
      }
    }
    expect(await rowCounts(api.database)).toEqual(before);
  });

  // Catches: a 500 by the second index, two writers in one tenant, and a 409 without the id of the active run.
  it('active restore refuses other writers with its id', async () => {
    const answers = await Promise.all(sets.map(restore));
    const [first, ...more] = answers.filter(({ status }) => status === 202);
    expect(more).toEqual([]);
    if (first === undefined) throw new Error('none was started');
    const { run } = first.json as Started;
    const refused = answers.filter(({ status }) => status === 409);
    expect(refused).toHaveLength(atOnce - 1);
    for (const { json } of refused) {
      expect(json).toMatchObject({ code: 'conflict', runId: run.id });
      expect((json as { detail: string }).detail).toContain(run.id);
    }
    const same = sets[answers.findIndex(({ status }) => status === 202)];
    expect((await restore(same)).json).toMatchObject({ reused: true, run: { id: run.id } });
    const events = await api.request(`/api/v1/tenants/${tenantA}/audit-events`, {
      token: tokens.owner,
    });
    expect(events.json).toMatchObject({
      items: [{ action: 'restore.started', actor: principalOf('manager'), runId: run.id }],
    });
  });
});
