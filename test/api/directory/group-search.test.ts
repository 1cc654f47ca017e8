import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '#db/database.ts';
import { upsertMember } from '#db/tenant/members.ts';
import { type ApiAnswer, type ApiUnderTest, startApi } from '#test/api/support/api-under-test.ts';
import { addRoleHolders, buildTenant, tenantA } from '#test/api/support/world.ts';

const directory = randomUUID();
const [ownerId, pilotId, oddId] = [randomUUID(), randomUUID(), randomUUID()];
const oddName = 'Pilot "A\\B" & C+D';

let api: ApiUnderTest;
let ownerToken: string;

beforeAll(async () => {
  api = await startApi({ env: { ENTRA_HOME_TENANT_ID: directory } });
  await buildTenant(api, tenantA);
  await addRoleHolders(api, tenantA);
  await simulate('PUT', `tenants/${directory}`, {
    displayName: 'A directory',
    users: [
      {
        ...{ id: ownerId, displayName: 'Olga Owner', password: 'no-secret-1' },
        userPrincipalName: 'olga@a.test',
      },
    ],
    groups: [
      { id: pilotId, displayName: 'Pilot users' },
      { id: oddId, displayName: oddName },
      { id: randomUUID(), displayName: 'Everybody else' },
    ],
  });
  await inTenant(api.database.app.db, tenantA, (trx) =>
    upsertMember(trx, {
      ...{ principal_id: `${directory}:${ownerId}`, kind: 'user', display_name: null },
      role: 'owner',
    }),
  );
  ownerToken = await token({
    ...{ grant_type: 'password', username: 'olga@a.test', password: 'no-secret-1' },
  });
});
afterEach(async () => {
  await simulate('PUT', 'faults', []);
  await simulate('DELETE', 'requests');
});
afterAll(() => api.stop());

async function simulate(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${api.simulatorUrl}/_sim/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`the simulator answered ${response.status}`);
  return response.status === 204 ? null : response.json();
}

async function token(grant: Record<string, string>): Promise<string> {
  const response = await fetch(`${api.simulatorUrl}/${directory}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      ...{ client_id: 'tenantry', scope: 'api://tenantry/.default', ...grant },
    }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

const path = `/api/v1/tenants/${tenantA}/directory/group-search`;
const search = (q: string, bearer = ownerToken): Promise<ApiAnswer> =>
  api.request(`${path}?q=${encodeURIComponent(q)}`, { token: bearer });

async function graphRequests(): Promise<Record<string, unknown>[]> {
  return (await simulate('GET', 'requests')) as Record<string, unknown>[];
}

describe('the group search', () => {
  // Catches: a search in the tenant of the path or by the application, and ids other than principals.
  it("group search finds groups of the caller's own directory as principals", async () => {
    const found = await search('pilot us');
    expect([found.status, found.json]).toEqual([
      200,
      {
        items: [{ principalId: `${directory}:${pilotId}`, displayName: 'Pilot users' }],
        nextCursor: null,
      },
    ]);
    expect(await graphRequests()).toMatchObject([{ tenant: directory, method: 'GET' }]);
  });

  // Catches: a quote or an ampersand that ends the filter or the parameter.
  it.each([oddName, 'a\\b', '"', 'C+D'])('group search takes %s literally', async (text) => {
    const found = await search(text);
    expect(found.status).toBe(200);
    const { items } = found.json as { items: { principalId: string }[] };
    expect(items.map(({ principalId }) => principalId)).toContain(`${directory}:${oddId}`);
  });

  it('group search respects the limit', async () => {
    const found = await api.request(`${path}?q=pilot&limit=1`, { token: ownerToken });
    expect((found.json as { items: unknown[] }).items).toHaveLength(1);
  });

  // Catches: a 401 without a reason for an application, or a search by the application's own rights.
  it('group search asks an application for a delegated token, and other routes refuse it', async () => {
    const app = await token({ grant_type: 'client_credentials', client_secret: 'api-test-secret' });
    const refused = await search('pilot', app);
    expect([refused.status, refused.json]).toMatchObject([
      403,
      { code: 'delegated_token_required' },
    ]);
    expect((await api.request('/api/v1/me', { token: app })).status).toBe(401);
    expect((await api.request(`/api/v1/tenants/${tenantA}`, { token: app })).status).toBe(401);
    expect(await graphRequests()).toEqual([]);
  });

  it('group search is announced in /me', async () => {
    const me = await api.request('/api/v1/me', { token: ownerToken });
    expect(me.json).toMatchObject({ groupSearch: { enabled: true, reason: null } });
  });

  // Catches: a refusal by Entra or Graph that becomes a 500, or a 401 that signs the caller out.
  it('group search reports the reason of a refusal by Entra or Graph', async () => {
    const unknown = await api.mint.user(randomUUID(), { tid: directory });
    await inTenant(api.database.app.db, tenantA, (trx) =>
      upsertMember(trx, {
        ...{ principal_id: `${directory}:${oidOf(unknown)}`, kind: 'user', display_name: null },
        role: 'owner',
      }),
    );
    const refused = await search('pilot', unknown);
    expect([refused.status, refused.json]).toMatchObject([
      403,
      { code: 'delegated_token_required', graphCode: 'AADSTS50034' },
    ]);
    const answers: readonly (readonly [object, number, string])[] = [
      [{ status: 403 }, 403, 'graph_forbidden'],
      [{ status: 429, retryAfter: 7 }, 503, 'unavailable'],
      [{ status: 503 }, 503, 'unavailable'],
      [{ status: 500 }, 503, 'unavailable'],
      [{ drop: 'before' }, 503, 'unavailable'],
      [{ status: 400 }, 400, 'invalid_request'],
    ];
    for (const [effect, status, code] of answers) {
      await simulate('PUT', 'faults', [{ match: { path: '/groups' }, times: 1, effect }]);
      const answer = await search('pilot');
      expect([effect, answer.status, answer.json]).toMatchObject([effect, status, { code }]);
      if ('retryAfter' in effect) expect(answer.headers.get('retry-after')).toBe('7');
      expect(answer.text).not.toContain(ownerToken);
    }
  });

  // Catches: retries during a request.
  it('group search calls Graph once, without retries', async () => {
    await simulate('PUT', 'faults', [{ match: { path: '/groups' }, effect: { status: 503 } }]);
    await search('pilot');
    expect(await graphRequests()).toHaveLength(1);
  });
});

function oidOf(jwt: string): string {
  const [, claims = ''] = jwt.split('.');
  return (JSON.parse(Buffer.from(claims, 'base64url').toString()) as { oid: string }).oid;
}
