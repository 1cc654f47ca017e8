import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '#test/support/until.ts';
import type { Answer, TestClient } from './client.ts';
import { startTestClient, testGroups, toGroup, valuesOf, write } from './client.ts';

const path = '/deviceManagement/configurationPolicies';
const [group] = testGroups;
/** Longer than a busy machine needs for the check before it. */
const delayMs = 1_000;

let client: TestClient;

beforeAll(async () => {
  client = await startTestClient();
});

beforeEach(async () => {
  await client.control('DELETE', 'requests');
  await client.control('PUT', 'faults', []);
  await client.seed(path, { id: 'there', name: 'There', settings: [], assignments: [] });
});

afterAll(() => client.simulator.close());

function setFaults(...rules: unknown[]): Promise<Answer> {
  return client.control('PUT', 'faults', rules);
}

async function log(): Promise<Record<string, unknown>[]> {
  return valuesOf(await client.control('GET', 'requests'));
}

describe('a late write in the simulator', () => {
  const writes: readonly (readonly [string, string, unknown, string])[] = [
    ['POST', path, { name: 'Late create', settings: [] }, 'Late create'],
    ['PUT', `${path}/there`, { name: 'Late put', settings: [] }, 'Late put'],
    ['PATCH', `${path}/there`, { description: 'Late patch' }, 'Late patch'],
    ['POST', `${path}/there/assign`, { assignments: [toGroup(group)] }, `there_${group}`],
  ];

  // Catches: a late write done early, never, or twice, and a log row with success.
  it.each(writes)(
    'a late write answers 504 and is done after its delay (%s %s)',
    async (method, at, body, trace) => {
      await setFaults({ match: { method }, times: 1, effect: { drop: 'late', delayMs } });
      const holds = async () =>
        (await client.control('GET', `tenants/${client.tenantId}/objects`)).text.includes(
          `${trace}"`,
        );
      expect((await write(client, method, at, body)).status).toBe(504);
      expect(await holds()).toBe(false);
      await until('the late write', holds);
      const rows = (await log()).filter((row) => row['method'] === method);
      expect(rows).toMatchObject([{ method, path: at, status: 504 }]);
    },
  );

  // Catches: a late deletion done at once, or never.
  it('a late deletion answers 504 and is done after its delay', async () => {
    await setFaults({ match: { method: 'DELETE' }, times: 1, effect: { drop: 'late', delayMs } });
    expect((await write(client, 'DELETE', `${path}/there`)).status).toBe(504);
    expect((await client.graph(`${path}/there`)).status).toBe(200);
    const isGone = async () => (await client.graph(`${path}/there`)).status === 404;
    await until('the late deletion', isGone);
  });

  // Catches: a late write throttled long after its acceptance, or uncounted.
  it('a late write counts against the limits on arrival, not when it is done', async () => {
    const limits = { tenant: client.tenantId, windowSeconds: 60, writes: 1 };
    await client.control('PUT', 'throttle', limits);
    await setFaults({ match: { method: 'POST' }, times: 2, effect: { drop: 'late', delayMs: 50 } });
    const create = async (name: string) =>
      (await write(client, 'POST', path, { name, settings: [] })).status;
    expect([await create('Counted'), await create('Over the limit')]).toEqual([504, 429]);
    const names = async () => valuesOf(await client.graph(path)).map(({ name }) => name);
    await until('the late write', async () => (await names()).includes('Counted'));
    expect(await names()).not.toContain('Over the limit');
    await client.control('PUT', 'throttle', { ...limits, writes: 10_000 });
  });

  // Catches: one of two equal creates swallowed: a client without patience must get two objects.
  it('a create repeated before its late write makes two objects', async () => {
    await setFaults({ match: { method: 'POST' }, times: 1, effect: { drop: 'late', delayMs } });
    const body = { name: 'Impatient', settings: [] };
    expect((await write(client, 'POST', path, body)).status).toBe(504);
    expect((await write(client, 'POST', path, body)).status).toBe(201);
    const named = async () =>
      valuesOf(await client.graph(path)).filter(({ name }) => name === 'Impatient').length;
    expect(await named()).toBe(1);
    await until('the late create', async () => (await named()) === 2);
    expect((await log()).slice(0, 2).map(({ status }) => status)).toEqual([504, 201]);
  });
});

describe("the simulator's faults for writes", () => {
  // Catches: a write done behind a 503 or 504, and a rule that acts more often than its times.
  it("a write with a 503 or 504 fault is not done, as often as the rule's times", async () => {
    await setFaults(
      { match: { method: 'POST' }, times: 1, effect: { status: 503, retryAfter: 1 } },
      { match: { method: 'POST' }, times: 1, effect: { status: 504 } },
    );
    const body = { name: 'Refused', settings: [] };
    const statuses: number[] = [];
    for (const _ of [1, 2, 3]) statuses.push((await write(client, 'POST', path, body)).status);
    expect(statuses).toEqual([503, 504, 201]);
    const named = valuesOf(await client.graph(path)).filter(({ name }) => name === 'Refused');
    expect(named).toHaveLength(1);
  });

  // Catches: a probability that uses up times without effect, or acts after them.
  it('a fault rule with a probability takes effect exactly its times', async () => {
    await setFaults({
      match: { method: 'GET', path: '/configurationPolicies/there$' },
      probability: 0.5,
      times: 3,
      effect: { status: 503 },
    });
    const statuses: number[] = [];
    for (let at = 0; at < 60; at += 1) {
      statuses.push((await client.graph(`${path}/there`)).status);
    }
    // Fewer than three hits in sixty tries at one half: once in 10^14 runs.
    expect(statuses.filter((status) => status === 503)).toHaveLength(3);
  });
});
