import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '#test/api/support/api-under-test.ts';
import { passingMember } from '#test/api/support/operations.ts';
import { homeTenantId } from '#test/api/support/tokens.ts';
import {
  addRoleHolders,
  buildTenant,
  mintPersonas,
  type Persona,
  principalOf,
  tenantA,
} from '#test/api/support/world.ts';

let api: ApiUnderTest;
let tokens: Record<Persona, string>;

beforeAll(async () => {
  api = await startApi();
  await buildTenant(api, tenantA);
  tokens = await mintPersonas(api);
});
beforeEach(() => addRoleHolders(api, tenantA));
afterAll(() => api.stop());

const path = (principal: string) => `/api/v1/tenants/${tenantA}/members/${principal}`;
const put = (principal: string, body: object, token = tokens.owner) =>
  api.request(path(principal), { method: 'PUT', token, body });
const remove = (principal: string, token = tokens.owner) =>
  api.request(path(principal), { method: 'DELETE', token });

function auditEvents() {
  return api.database.owner.db
    .selectFrom('audit_events')
    .select(['actor', 'action', 'target', 'details'])
    .where('tenant_id', '=', tenantA)
    .orderBy('id')
    .execute();
}

describe('a member', () => {
  // Catches: names and kinds lost at a change of role, and changes without an audit event.
  it('member is added, read, changed and removed, each with an audit event', async () => {
    const before = (await auditEvents()).length;
    const written = { role: 'operator', kind: 'group', displayName: 'Service desk' };
    const view = { principalId: passingMember, ...written };
    expect((await put(passingMember.toUpperCase(), written)).json).toEqual(view);
    expect((await api.request(path(passingMember), { token: tokens.owner })).json).toEqual(view);
    expect((await put(passingMember, { role: 'manager' })).json).toEqual({
      ...view,
      role: 'manager',
    });
    const removed = await remove(passingMember);
    expect([removed.status, removed.text]).toEqual([204, '']);
    expect((await api.request(path(passingMember), { token: tokens.owner })).status).toBe(404);
    expect((await remove(passingMember)).status).toBe(404);
    const target = { type: 'member', id: passingMember };
    const actor = principalOf('owner');
    expect((await auditEvents()).slice(before)).toEqual([
      {
        actor,
        action: 'member.written',
        target,
        details: { role: 'operator', previousRole: null },
      },
      {
        actor,
        action: 'member.written',
        target,
        details: { role: 'manager', previousRole: 'operator' },
      },
      { actor, action: 'member.removed', target, details: { previousRole: 'manager' } },
    ]);
  });

  // Catches: a tenant without an owner.
  it('last owner is neither removed nor demoted', async () => {
    const last = principalOf('owner');
    const before = await auditEvents();
    const refused = [await remove(last), await put(last, { role: 'manager' })];
    for (const answer of refused) {
      expect([answer.status, answer.json]).toEqual([
        409,
        expect.objectContaining({ code: 'conflict' }),
      ]);
    }
    expect(await auditEvents()).toEqual(before);
    expect((await put(last, { role: 'owner', displayName: 'Still here' })).status).toBe(200);
    expect((await put(passingMember, { role: 'owner' })).status).toBe(200);
    expect((await put(last, { role: 'manager' })).status).toBe(200);
    await addRoleHolders(api, tenantA);
    expect((await remove(passingMember)).status).toBe(204);
  });

  // Catches: owners counted without a lock, so that two requests remove the last two owners.
  it('one of two owners stays when requests race', async () => {
    for (let round = 0; round < 10; round += 1) {
      await addRoleHolders(api, tenantA);
      await put(passingMember, { role: 'owner' });
      const other = await api.mint.user(passingMember.split(':')[1] ?? '');
      const answers = await Promise.all([
        round % 2 === 0 ? remove(passingMember) : put(passingMember, { role: 'reader' }),
        remove(principalOf('owner'), other),
      ]);
      const { db } = api.database.owner;
      const owners = await db
        .selectFrom('members')
        .select('principal_id')
        .where('tenant_id', '=', tenantA)
        .where('role', '=', 'owner')
        .execute();
      expect([owners.length >= 1, answers.map(({ status }) => status)]).toEqual([
        true,
        expect.anything(),
      ]);
      await addRoleHolders(api, tenantA);
      await remove(passingMember);
    }
  });

  // Catches: a group's role without effect for its members, or the weaker of two roles.
  it('member may be a group, and the strongest of several roles counts', async () => {
    const group = '99999999-0000-4000-8000-000000000009';
    await put(`${homeTenantId}:${group}`, { role: 'manager', kind: 'group' });
    const oid = principalOf('reader').split(':')[1] ?? '';
    const token = await api.mint.user(oid, { groups: [group] });
    const runs = `/api/v1/tenants/${tenantA}/inventory-syncs`;
    expect((await api.request(runs, { method: 'POST', token: tokens.reader })).status).toBe(403);
    expect((await api.request(runs, { method: 'POST', token })).status).toBe(202);
    // The same group id in another directory is another principal.
    const elsewhere = await api.mint.user(oid, { tid: tenantA, groups: [group] });
    expect((await api.request(runs, { method: 'POST', token: elsewhere })).status).toBe(403);
    const me = await api.request('/api/v1/me', { token });
    expect(me.json).toMatchObject({ tenants: [{ tenantId: tenantA, role: 'manager' }] });
  });
});
