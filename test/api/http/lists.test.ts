import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { insertAuditEvent } from '#db/audit/audit-events.ts';
import { inTenant } from '#db/database.ts';
import { upsertSeenGroups } from '#db/directory/directory-groups.ts';
import { upsertSeenPolicies } from '#db/inventory/policies.ts';
import { insertRunItems } from '#db/run/run-items.ts';
import { insertRun, transitionRun } from '#db/run/runs.ts';
import { insertSnapshots } from '#db/snapshot/snapshots.ts';
import { upsertMember } from '#db/tenant/members.ts';
import { policyTypes } from '#domain/policy-types/catalogue.ts';
import { failure } from '#domain/run/failure.ts';
import { idempotencyKey } from '#domain/run/idempotency-key.ts';
import { inventorySync } from '#domain/run/run-requests.ts';
import { type ApiUnderTest, startApi } from '#test/api/support/api-under-test.ts';
import { homeTenantId } from '#test/api/support/tokens.ts';
import {
  addBackupItem,
  addBackupSet,
  addDriftSchedule,
  addRoleHolders,
  addSchedule,
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

/** More than two pages of the size below, and no multiple of it. */
const rowsOfEach = 17;

beforeAll(async () => {
  api = await startApi();
  a = await buildTenant(api, tenantA);
  await buildTenant(api, tenantB);
  await addRoleHolders(api, tenantA);
  tokens = await mintPersonas(api);
  await inTenant(api.database.app.db, tenantA, async (trx) => {
    for (let n = 0; n < rowsOfEach; n += 1) {
      const principal_id = `${homeTenantId}:${randomUUID()}`;
      await upsertMember(trx, {
        principal_id,
        kind: 'user',
        display_name: null,
        role: 'reader',
      });
      const seen = {
        graphId: `g-many-${n}`,
        displayName: `Policy ${n}`,
        platform: null,
        lastModifiedAt: null,
      };
      await upsertSeenPolicies(trx, n % 2 === 0 ? 'scopeTag' : 'remediation', [seen]);
      const kind = { securityEnabled: true, mailEnabled: false, onPremises: false } as const;
      const members = { membershipType: 'assigned', membershipRule: null } as const;
      const group = { groupId: randomUUID(), displayName: `Group ${n}`, ...kind, ...members };
      await upsertSeenGroups(trx, [group]);
      const work = inventorySync(tenantA, [`type-${n}`]);
      const run = {
        ...work,
        id: uuidv7(),
        idempotencyKey: idempotencyKey(work),
        initiator: { id: principalOf('reader'), displayName: 'R' },
      };
      await insertRun(trx, run);
      if (n % 3 === 0) await transitionRun(trx, run.id, 'failed', failure('internal_error'));
      const item = {
        policyId: null,
        policyType: 'scopeTag',
        displayName: `Item ${n}`,
        graphId: null,
        action: 'none',
      } as const;
      await insertRunItems(trx, a.runId, [{ ...item, itemId: uuidv7() }]);
      const snapshot = {
        ...{ id: uuidv7(), policyId: a.policyId, policyType: 'settingsCatalogPolicy' },
        ...{ displayName: 'D', graphId: 'g-1', complete: true, warnings: [] },
        ...{ revision: null, assignmentsHash: null, references: [] },
        document: '{"item":{},"children":{},"assignments":null}',
      };
      await insertSnapshots(trx, api.cipher, run.id, [snapshot]);
      await insertAuditEvent(trx, { actor: 'x', action: 'y', details: {} });
      await addBackupSet(trx, uuidv7());
      await addSchedule(trx, uuidv7());
      await addDriftSchedule(trx, { id: uuidv7(), backupSetId: a.backupSetId });
      const { id: policyId } = await trx
        .selectFrom('policies')
        .select('id')
        .where('graph_id', '=', seen.graphId)
        .executeTakeFirstOrThrow();
      const { backupSetId } = a;
      await addBackupItem(trx, {
        ...{ tenantId: tenantA, backupSetId, policyId, snapshotId: snapshot.id },
      });
    }
  });
});
afterAll(() => api.stop());

interface Listed {
  readonly items: Record<string, unknown>[];
  readonly nextCursor: string | null;
}

async function list(path: string, token: string): Promise<Listed> {
  const answer = await api.request(path, { token });
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.json as Listed;
}

async function walk(path: string, token: string): Promise<{ ids: string[]; pages: number[] }> {
  const items: Record<string, unknown>[] = [];
  const pages: number[] = [];
  let cursor = '';
  do {
    const page = await list(`${path}?limit=7${cursor}`, token);
    items.push(...page.items);
    pages.push(page.items.length);
    cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
  } while (cursor !== '');
  return {
    ids: items.map((item) =>
      String(
        item['id'] ??
          item['backupItemId'] ??
          item['itemId'] ??
          item['principalId'] ??
          item['type'] ??
          item['groupId'],
      ),
    ),
    pages,
  };
}

describe('a list', () => {
  const lists: [string, () => string, Persona, number][] = [
    ['runs', () => `/api/v1/tenants/${tenantA}/runs`, 'reader', rowsOfEach + 1],
    ['items', () => `/api/v1/tenants/${tenantA}/runs/${a.runId}/items`, 'reader', rowsOfEach + 1],
    ['policies', () => `/api/v1/tenants/${tenantA}/policies`, 'reader', rowsOfEach + 1],
    [
      'snapshots',
      () => `/api/v1/tenants/${tenantA}/policies/${a.policyId}/snapshots`,
      'reader',
      rowsOfEach + 1,
    ],
    ['members', () => `/api/v1/tenants/${tenantA}/members`, 'owner', rowsOfEach + 5],
    ['notifications', () => '/api/v1/notifications', 'reader', rowsOfEach + 6],
    ['policy types', () => `/api/v1/tenants/${tenantA}/policy-types`, 'reader', policyTypes.length],
    ['groups', () => `/api/v1/tenants/${tenantA}/directory/groups`, 'reader', rowsOfEach],
    ['audit events', () => `/api/v1/tenants/${tenantA}/audit-events`, 'owner', rowsOfEach],
    ['schedules', () => `/api/v1/tenants/${tenantA}/backup-schedules`, 'reader', rowsOfEach + 1],
    [
      'drift schedules',
      () => `/api/v1/tenants/${tenantA}/drift-schedules`,
      'reader',
      rowsOfEach + 1,
    ],
    ['backup sets', () => `/api/v1/tenants/${tenantA}/backup-sets`, 'reader', rowsOfEach + 1],
    [
      'backup items',
      () => `/api/v1/tenants/${tenantA}/backup-sets/${a.backupSetId}/items`,
      'reader',
      rowsOfEach + 1,
    ],
  ];

  // Catches: a page that repeats or skips a row, and a last page with a cursor.
  it.each(lists)(
    'list of %s has every row once, newest first, in pages',
    async (name, path, persona, total) => {
      const { ids, pages } = await walk(path(), tokens[persona]);
      expect([ids.length, new Set(ids).size]).toEqual([total, total]);
      expect(pages.slice(0, -1).every((size) => size === 7)).toBe(true);
      if (!['members', 'groups', 'policy types'].includes(name))
        expect(ids).toEqual([...ids].sort().reverse());
    },
  );

  // Catches: another default, and a limit off by one.
  it('list has 50 rows by default', async () => {
    const path = `/api/v1/tenants/${tenantA}/runs`;
    expect((await list(`${path}?limit=1`, tokens.reader)).items).toHaveLength(1);
    expect((await list(`${path}?limit=200`, tokens.reader)).nextCursor).toBeNull();
    const parameters = (await api.request('/openapi.json')).text;
    expect(parameters).toContain('{"type":"integer","minimum":1,"maximum":200,"default":50}');
  });

  // Catches: a filter missing from the query or joined by "or".
  it('list of runs filters by status, operation and activity', async () => {
    const path = `/api/v1/tenants/${tenantA}/runs?limit=200`;
    const statuses = async (filter: string) =>
      (await list(path + filter, tokens.reader)).items.map((run) => run['status']);
    const failed = Math.ceil(rowsOfEach / 3);
    expect(await statuses('&status=failed')).toEqual(
      Array.from({ length: failed }, () => 'failed'),
    );
    expect((await statuses('&active=true')).every((status) => status === 'queued')).toBe(true);
    expect(await statuses('&active=true')).toHaveLength(rowsOfEach + 1 - failed);
    expect(await statuses('&active=false')).toHaveLength(rowsOfEach + 1);
    expect(await statuses('&operationType=policy.capture_snapshot')).toHaveLength(1);
    expect(await statuses('&operationType=policy.capture_snapshot&status=failed')).toHaveLength(0);
  });

  it('list of policies filters by type and by a part of the name in any case', async () => {
    const path = `/api/v1/tenants/${tenantA}/policies?limit=200`;
    const names = async (filter: string) =>
      (await list(path + filter, tokens.reader)).items.map((policy) => policy['displayName']);
    expect(await names('&type=settingsCatalogPolicy')).toEqual(['Disk encryption']);
    expect(await names('&q=ENCRYPT')).toEqual(['Disk encryption']);
    expect(await names('&q=policy%201')).toHaveLength(8);
    expect(await names('&type=scopeTag&q=policy%201')).toHaveLength(4);
  });
});

describe('the directory', () => {
  // Catches: a search text used as a pattern, so that a per cent sign matches everything.
  it('directory is searched by a part of the name in any case', async () => {
    const names = async (q: string) => {
      const path = `/api/v1/tenants/${tenantA}/directory/groups?limit=200&q=${q}`;
      return (await list(path, tokens.reader)).items.map((group) => group['displayName']);
    };
    expect(await names('GROUP%203')).toEqual(['Group 3']);
    expect(await names('oup%201')).toHaveLength(8);
    expect(await names('%25')).toEqual([]);
  });
});

describe('notifications', () => {
  const unread = async () =>
    (await list('/api/v1/notifications?unread=true&limit=200', tokens.reader)).items;
  const read = (id: string, token: string) =>
    api.request(`/api/v1/notifications/${id}/read`, { method: 'POST', token });

  // Catches: notifications that other principals can read or mark, and a changing time of reading.
  it('notifications are marked as read by their recipient, one or all', async () => {
    const [first] = await unread();
    const id = String(first?.['id']);
    expect((await read(id, tokens.owner)).status).toBe(404);
    const marked = (await read(id, tokens.reader)).json as Record<string, unknown>;
    expect(marked['readAt']).not.toBeNull();
    expect((await read(id, tokens.reader)).json).toEqual(marked);
    const left = (await unread()).length;
    expect(left).toBe(rowsOfEach + 5);
    const all = await api.request('/api/v1/notifications/read-all', {
      method: 'POST',
      token: tokens.reader,
    });
    expect(all.json).toEqual({ read: left });
    expect(await unread()).toEqual([]);
    expect((await list('/api/v1/notifications?unread=true', tokens.owner)).items).toHaveLength(1);
  });

  // Catches: notifications of a tenant for a removed member.
  it('notifications of a tenant end with the membership', async () => {
    const { db } = api.database.owner;
    const mine = db
      .deleteFrom('members')
      .where('tenant_id', '=', tenantA)
      .where('principal_id', '=', principalOf('reader'));
    await mine.execute();
    expect((await list('/api/v1/notifications', tokens.reader)).items).toEqual([]);
    await addRoleHolders(api, tenantA);
  });
});
