import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Answer, TestClient } from './client.ts';
import { startTestClient, valuesOf } from './client.ts';

const catalog = '/deviceManagement/configurationPolicies';

interface MemberAnswer {
  readonly id: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Record<string, unknown>;
}

let client: TestClient;

beforeAll(async () => {
  client = await startTestClient();
  const bodies = Array.from({ length: 30 }, (_, index) => ({ id: `p${index}`, name: `P${index}` }));
  await client.seed(catalog, ...bodies);
});

beforeEach(async () => {
  await client.control('PUT', 'faults', []);
  await client.control('PUT', 'throttle', {});
  await client.control('DELETE', 'requests');
});

afterAll(() => client.simulator.close());

function batch(requests: unknown[], version = 'beta'): Promise<Answer> {
  return client.graph(`${client.url}/${version}/$batch`, {
    method: 'POST',
    body: JSON.stringify({ requests }),
  });
}

/** Sorts a batch's answers by id: Graph's order is arbitrary. */
function membersOf(answer: Answer): MemberAnswer[] {
  const responses = answer.json['responses'] as MemberAnswer[];
  return responses.toSorted((left, right) => left.id.localeCompare(right.id));
}

function get(id: string, url: string, more: Record<string, unknown> = {}) {
  return { id, method: 'GET', url, ...more };
}

describe('$batch in the simulator', () => {
  // Catches: nextLinks lost in members, and relative URLs without a slash refused.
  it('$batch answers each member like a single request', async () => {
    const answer = await batch([get('a', catalog), get('b', 'groups?$top=1'), get('c', '/nope')]);
    expect(answer.status).toBe(200);
    const [first, second, third] = membersOf(answer);
    expect(first?.body['@odata.nextLink']).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/beta\/device/);
    expect(second?.body['value']).toHaveLength(1);
    expect(third).toMatchObject({ status: 400, body: { error: { code: 'BadRequest' } } });
    expect(membersOf(await batch([get('a', '/groups')], 'v1.0'))[0]?.status).toBe(200);
    expect(membersOf(await batch([get('a', catalog)], 'v1.0'))[0]?.status).toBe(400);
  });

  // Catches: more than 20 members, duplicate ids, bodies without a content type, and cycles.
  it.each([
    ['21 members', Array.from({ length: 21 }, (_, index) => get(String(index), '/groups'))],
    ['no members', []],
    ['an id twice', [get('a', '/groups'), get('a', '/users')]],
    ['no url', [{ id: 'a', method: 'GET' }]],
    ['a body without type', [{ id: 'a', method: 'POST', url: catalog, body: {} }]],
    ['a circle', [get('a', '/groups', { dependsOn: ['b'] }), get('b', '/x', { dependsOn: ['a'] })]],
    ['a stranger', [get('a', '/groups', { dependsOn: ['z'] })]],
  ])('$batch refuses an envelope with %s', async (_what, requests) => {
    expect((await batch(requests)).status).toBe(400);
  });

  // Catches: a dependent request carried out after a failed one.
  it('$batch fails requests depending on a failed one with 424', async () => {
    const members = membersOf(
      await batch([
        get('a', '/nope'),
        get('b', '/groups', { dependsOn: ['a'] }),
        get('c', '/groups', { dependsOn: ['b'] }),
        get('d', '/groups'),
      ]),
    );
    expect(members.map(({ status }) => status)).toEqual([400, 424, 424, 200]);
  });

  // Catches: uncounted members, a whole batch refused for them, and a lost Retry-After.
  it('$batch throttles its members one by one', async () => {
    await client.control('PUT', 'throttle', { windowSeconds: 30, requests: 3, writes: 100 });
    const answer = await batch(['a', 'b', 'c', 'd', 'e'].map((id) => get(id, '/groups')));
    const members = membersOf(answer);
    expect(answer.status).toBe(200);
    expect(members.filter(({ status }) => status === 200)).toHaveLength(3);
    const refused = members.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(2);
    expect(Number(refused[0]?.headers['Retry-After'])).toBeGreaterThan(20);
  });

  // Catches: members without faults, and log rows without their batch.
  it('$batch logs and faults each member next to its envelope', async () => {
    await client.control('PUT', 'faults', [
      { match: { path: '^/groups$' }, times: 1, effect: { status: 503, retryAfter: 2.5 } },
    ]);
    const members = membersOf(await batch([get('a', '/groups'), get('b', '/groups')]));
    expect(members.map(({ status }) => status)).toEqual([503, 200]);
    expect(members[0]?.headers['Retry-After']).toBe('2.5');
    const rows = valuesOf(await client.control('GET', `requests?tenant=${client.tenantId}`));
    const envelope = rows[0]?.['seq'];
    expect(rows.map(({ batch: of, path, status }) => ({ of, path, status }))).toEqual([
      { of: null, path: '/$batch', status: 200 },
      { of: envelope, path: '/groups', status: 503 },
      { of: envelope, path: '/groups', status: 200 },
    ]);
  });

  // Catches: a write undone or repeated by a cut member.
  it('$batch breaks the connection if a fault cuts one member, but the write is done', async () => {
    await client.control('PUT', 'faults', [
      { match: { method: 'POST', path: 'deviceCategories' }, effect: { drop: 'after' } },
    ]);
    const headers = { 'Content-Type': 'application/json' };
    const post = { id: 'a', method: 'POST', url: '/deviceManagement/deviceCategories', headers };
    const attempt = batch([{ ...post, body: { displayName: 'Kiosk' } }, get('b', '/groups')]);
    await expect(attempt).rejects.toThrow('fetch failed');
    const stored = await client.graph('/deviceManagement/deviceCategories');
    expect(valuesOf(stored)).toHaveLength(1);
  });
});
