import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type ApiUnderTest, startApi } from '#test/api/support/api-under-test.ts';
import { rowCounts } from '#test/api/support/row-counts.ts';
import { homeTenantId } from '#test/api/support/tokens.ts';
import { adminOid, mintPersonas, type Persona, principalOf } from '#test/api/support/world.ts';

let api: ApiUnderTest;
let tokens: Record<Persona, string>;

beforeAll(async () => {
  api = await startApi();
  tokens = await mintPersonas(api);
});
afterAll(() => api.stop());

const register = (body: object, token = tokens.admin) =>
  api.request('/api/v1/tenants', { method: 'POST', token, body });

describe('a tenant', () => {
  // Catches: rights inside a tenant for the administrator who registered it; missing owners or audit events.
  it('tenant is registered with its owners, and only they may enter it', async () => {
    const tenantId = randomUUID();
    const owners = [principalOf('owner'), principalOf('owner').toUpperCase()];
    const made = await register({
      tenantId: tenantId.toUpperCase(),
      displayName: ' Alpine Ski House ',
      owners,
    });
    expect([made.status, made.headers.get('location')]).toEqual([
      201,
      `/api/v1/tenants/${tenantId}`,
    ]);
    expect(made.json).toMatchObject({ tenantId, displayName: 'Alpine Ski House', role: null });
    const at = (token: string) => api.request(`/api/v1/tenants/${tenantId}`, { token });
    expect((await at(tokens.owner)).json).toMatchObject({ tenantId, role: 'owner' });
    expect((await at(tokens.admin)).status).toBe(403);
    expect((await api.request('/api/v1/tenants', { token: tokens.admin })).json).toEqual({
      items: [],
      nextCursor: null,
    });
    const members = await api.request(`/api/v1/tenants/${tenantId}/members`, {
      token: tokens.owner,
    });
    expect(members.json).toMatchObject({
      items: [{ principalId: principalOf('owner'), role: 'owner', kind: 'user' }],
    });
    const events = await api.database.owner.db
      .selectFrom('audit_events')
      .select(['action', 'actor'])
      .where('tenant_id', '=', tenantId)
      .orderBy('id')
      .execute();
    const actor = `${homeTenantId}:${adminOid}`;
    expect(events).toEqual([
      { action: 'tenant.registered', actor },
      { action: 'member.written', actor },
    ]);
  });

  // Catches: a second registration with other owners.
  it('registered tenant stays unchanged at a second registration, also when two race', async () => {
    const tenantId = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        register({ tenantId, displayName: 'First', owners: [principalOf('owner')] }),
      ),
    );
    expect(answers.map(({ status }) => status).sort((x, y) => x - y)).toEqual([
      201, 409, 409, 409, 409, 409, 409, 409,
    ]);
    const before = await rowCounts(api.database);
    const again = await register({
      tenantId,
      displayName: 'Second',
      owners: [principalOf('reader')],
    });
    expect([again.status, again.json]).toEqual([
      409,
      expect.objectContaining({ code: 'conflict' }),
    ]);
    expect(await rowCounts(api.database)).toEqual(before);
  });

  // Catches: a change without its audit event.
  it('tenant is not registered if the audit event cannot be written', async () => {
    const { db } = api.database.owner;
    const before = await rowCounts(api.database);
    await sql`revoke insert on audit_events from tenantry_app`.execute(db);
    try {
      const answer = await register({
        tenantId: randomUUID(),
        displayName: 'X',
        owners: [principalOf('owner')],
      });
      expect([answer.status, answer.json]).toEqual([
        503,
        expect.objectContaining({ code: 'unavailable' }),
      ]);
      expect(answer.text).not.toMatch(/permission|audit_events|\.ts/);
    } finally {
      await sql`grant insert on audit_events to tenantry_app`.execute(db);
    }
    expect(await rowCounts(api.database)).toEqual(before);
  });

  // Catches: tokens of a new customer refused until a restart.
  it('tokens of a registered tenant are accepted at once', async () => {
    const tenantId = randomUUID();
    const token = await api.mint.user(randomUUID(), { tid: tenantId });
    expect((await api.request('/api/v1/me', { token })).status).toBe(401);
    await register({ tenantId, displayName: 'New', owners: [principalOf('owner')] });
    expect((await api.request('/api/v1/me', { token })).status).toBe(200);
  });
});
