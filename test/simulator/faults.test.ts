import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { TestClient } from './client.ts';
import { appToken, startTestClient, valuesOf } from './client.ts';

const categories = '/deviceManagement/deviceCategories';

let client: TestClient;

beforeAll(async () => {
  client = await startTestClient();
});

beforeEach(async () => {
  await client.control('PUT', 'faults', []);
  await client.control('PUT', 'throttle', {});
  await client.control('DELETE', 'requests');
});

afterAll(() => client.simulator.close());

function setFaults(...rules: unknown[]) {
  return client.control('PUT', 'faults', rules);
}

function create(displayName: string) {
  return client.graph(categories, { method: 'POST', body: JSON.stringify({ displayName }) });
}

async function named(displayName: string): Promise<number> {
  const all = valuesOf(await client.graph(`${categories}?$top=1000`));
  return all.filter((each) => each['displayName'] === displayName).length;
}

async function statuses(count: number, method = 'GET'): Promise<number[]> {
  const answers: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const answer = method === 'GET' ? await client.graph(categories) : await create('x');
    answers.push(answer.status);
  }
  return answers;
}

describe("the simulator's faults", () => {
  // Catches: rules in another order, times without an end, and other tenants hit.
  it('the first matching fault rule takes effect, as often as its times', async () => {
    await setFaults(
      { match: { tenant: 'another' }, effect: { status: 500 } },
      { match: { method: 'get', path: '^/deviceManagement' }, times: 2, effect: { status: 502 } },
      { match: { path: 'deviceCategories$' }, times: 1, effect: { status: 403 } },
    );
    expect(await statuses(4)).toEqual([502, 502, 403, 200]);
    const left = valuesOf(await client.control('GET', 'faults')).map((rule) => rule['left']);
    expect(left).toEqual([null, 0, 0]);
  });

  // Catches: errors unlike Graph's, and a rounded Retry-After.
  it("a fault answers with Graph's error body and the exact Retry-After", async () => {
    await setFaults({ match: {}, effect: { status: 429, retryAfter: '2.128' } });
    const answer = await client.graph(categories, { headers: { 'client-request-id': 'mine' } });
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('2.128');
    expect(answer.headers.get('client-request-id')).toBe('mine');
    const error = answer.json['error'] as { message: string; innerError: unknown };
    expect(error.innerError).toMatchObject({
      'client-request-id': 'mine',
      'request-id': answer.headers.get('request-id'),
    });
    expect(JSON.parse(error.message)).toMatchObject({ _version: 3, RetryAfter: null });
  });

  // Catches: a write done by drop before, not done by drop after, and an answer in spite of the drop.
  it('a drop fault cuts the connection before or after the write', async () => {
    await setFaults(
      { match: { method: 'POST' }, times: 1, effect: { drop: 'before' } },
      { match: { method: 'POST' }, times: 1, effect: { drop: 'after' } },
    );
    await expect(create('before')).rejects.toThrow('fetch failed');
    await expect(create('after')).rejects.toThrow('fetch failed');
    expect([await named('before'), await named('after')]).toEqual([0, 1]);
    const rows = valuesOf(await client.control('GET', 'requests'));
    expect(rows.slice(0, 2).map(({ status }) => status)).toEqual([null, 201]);
  });

  // Catches: a late write done early, or never.
  it('a late fault answers 504 at once and writes after its delay', async () => {
    await setFaults({
      match: { method: 'POST' },
      times: 1,
      effect: { drop: 'late', delayMs: 200 },
    });
    expect((await create('late')).status).toBe(504);
    expect(await named('late')).toBe(0);
    await sleep(300);
    expect(await named('late')).toBe(1);
  });

  // Catches: a rule used up by bad tokens.
  it('a fault rule ignores callers without a token', async () => {
    await setFaults({ match: {}, times: 1, effect: { status: 500 } });
    const stranger = await client.graph(categories, { headers: { authorization: 'Bearer no' } });
    expect(stranger.status).toBe(401);
    expect(stranger.json).toMatchObject({ error: { code: 'InvalidAuthenticationToken' } });
    expect(await statuses(1)).toEqual([500]);
  });

  // Catches: an impossible rule accepted silently.
  it('a malformed fault rule is refused with 400', async () => {
    expect((await setFaults({ match: { path: '(' }, effect: { status: 500 } })).status).toBe(400);
    expect((await setFaults({ match: {}, effect: { drop: 'sometimes' } })).status).toBe(400);
  });
});

describe("the simulator's limits", () => {
  // Catches: writes counted only as reads, windows without end, and windows shared by tenants.
  it('calls above the limit get 429, writes separately, until the window has passed', async () => {
    await client.control('PUT', 'throttle', { windowSeconds: 1, requests: 6, writes: 2 });
    expect(await statuses(3, 'POST')).toEqual([201, 201, 429]);
    expect(await statuses(4)).toEqual([200, 200, 200, 429]);
    const refused = await client.graph(categories);
    expect(refused.headers.get('retry-after')).toBe('1');
    await sleep(1100);
    expect(await statuses(1, 'POST')).toEqual([201]);
  });

  // Catches: one application using up another's limit, and a tenant without its own limit.
  it('limits count each application, and the whole tenant at twice the limit', async () => {
    await client.control('PUT', 'throttle', { windowSeconds: 30, requests: 3, writes: 3 });
    const [second, third] = await Promise.all(
      ['second', 'third'].map((id) => appToken(client.url, client.tenantId, id)),
    );
    const callAs = async (token: string | undefined) => {
      const headers = { authorization: `Bearer ${token}` };
      return (await client.graph(categories, { headers })).status;
    };
    expect(await statuses(3)).toEqual([200, 200, 200]);
    expect(await callAs(second)).toBe(200);
    expect(await callAs(second)).toBe(200);
    expect(await callAs(third)).toBe(200);
    expect(await callAs(third)).toBe(429);
  });

  // Catches: latency in the control API, or none in Graph.
  it('latency applies to Graph calls only', async () => {
    await client.control('PUT', 'throttle', { tenant: client.tenantId, latencyMs: 1_000 });
    const started = performance.now();
    await client.control('GET', 'faults');
    expect(performance.now() - started).toBeLessThan(900);
    await client.graph(categories);
    expect(performance.now() - started).toBeGreaterThanOrEqual(999);
  });
});

describe("the simulator's log", () => {
  // Catches: numbers given at a call's end instead of its arrival, and numbers reused after clearing.
  it('the log numbers calls by arrival', async () => {
    await setFaults({ match: {}, times: 1, effect: { delayMs: 200 } });
    const slow = client.graph(`${categories}?slow`, { headers: { 'client-request-id': 'c-1' } });
    await sleep(80);
    await client.graph('/groups');
    await slow;
    const rows = valuesOf(await client.control('GET', 'requests'));
    expect(rows.map(({ path }) => path)).toEqual([categories, '/groups']);
    expect(rows[0]).toMatchObject({ clientRequestId: 'c-1', batch: null, status: 200 });
    const [first, second] = rows.map(({ seq }) => Number(seq));
    expect(second).toBe((first ?? 0) + 1);
    const newer = valuesOf(await client.control('GET', `requests?since=${first}`));
    expect(newer).toHaveLength(1);
    await client.control('DELETE', 'requests');
    await client.graph('/groups');
    const after = valuesOf(await client.control('GET', 'requests'));
    expect(after.map(({ seq }) => seq)).toEqual([(second ?? 0) + 1]);
    expect(valuesOf(await client.control('GET', 'requests?tenant=another'))).toEqual([]);
  });
});
