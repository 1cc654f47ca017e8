import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createGraph } from '#graph/client.ts';
import type { GraphReader } from '#graph/port/graph-reader.ts';
import { pages } from '#graph/port/pages.ts';
import { graphConfig } from '#test/graph/support/fake-graph.ts';
import { hostileLinks } from '#test/graph/support/hostile-links.ts';
import { startTestClient, type TestClient } from '#test/simulator/client.ts';

let client: TestClient;
let reader: GraphReader;

const scripts = '/deviceManagement/deviceShellScripts';
const policies = '/deviceManagement/configurationPolicies';

beforeAll(async () => {
  client = await startTestClient();
  reader = createGraph(graphConfig(client.url)).readerFor(client.tenantId);
});
afterAll(() => client.simulator.close());

function guid(index: number): string {
  return `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
}

/** Requests logged during the work: a path per plain call, the number of members per batch. */
async function sentDuring(work: () => Promise<unknown>): Promise<(number | string)[]> {
  await client.control('DELETE', 'requests');
  await work();
  const { value } = (await client.control('GET', `requests?tenant=${client.tenantId}`)).json;
  const rows = value as { seq: number; batch: number | null; path: string }[];
  return rows
    .filter(({ batch }) => batch === null)
    .map(({ seq, path }) =>
      path === '/$batch' ? rows.filter(({ batch }) => batch === seq).length : path,
    );
}

describe('a $batch against the simulator', () => {
  // Catches: a body parsed and serialized again.
  it('a batch returns the bytes of plain calls', async () => {
    const bodies = [
      '{"id":"00000000-0000-4000-8000-000000000001","displayName":"a","__proto__":{"x":1.0}}',
      '{"id":"00000000-0000-4000-8000-000000000002","displayName":"b\\u0000\\ud800\\/","n":9007199254740993}',
      '{"id":"00000000-0000-4000-8000-000000000003","displayName":"é\u2028","n":[1.0, -0,1e400 ]}',
    ];
    for (const body of bodies) await client.seedText(scripts, body);
    const paths = [1, 2, 3].map((n) => `${scripts}/${guid(n)}`);
    let batched: string[] = [];
    const sent = await sentDuring(async () => {
      batched = (await Promise.all(paths.map((path) => reader.get(path)))).map(({ text }) => text);
    });
    expect(sent).toEqual([3]);
    const plain: string[] = [];
    for (const path of paths) plain.push((await reader.get(path)).text);
    expect(batched).toEqual(plain);
    expect(batched[0]).toContain('"__proto__":{"x":1.0}');
    expect(batched[1]).toContain('9007199254740993');
    expect(batched[1]).toContain('\\u0000\\ud800\\/');
    expect(batched[2]).toContain('1e400');
  });

  it('a batch member with a 429 and its Retry-After fails alone', async () => {
    await client.control('PUT', 'faults', [
      { match: { path: `${guid(2)}$` }, times: 1, effect: { status: 429, retryAfter: 7 } },
    ]);
    const outcomes = await Promise.allSettled(
      [1, 2, 99, 3].map((n) => reader.get(`${scripts}/${guid(n)}`)),
    );
    expect(outcomes).toMatchObject([
      { status: 'fulfilled' },
      { reason: { kind: 'throttled', status: 429, retryAfterSeconds: 7 } },
      { reason: { kind: 'not_found', status: 404, requestId: expect.any(String) } },
      { status: 'fulfilled' },
    ]);
  });

  // Catches: links followed only outside of batches, or not at all.
  it('the pages of three collections share batches', async () => {
    const setting = { '@odata.type': '#microsoft.graph.deviceManagementConfigurationSetting' };
    for (let n = 11; n <= 13; n += 1) {
      const settings = Array.from({ length: 60 }, (_, m) => ({ ...setting, id: String(m) }));
      await client.seed(policies, { id: guid(n), name: `Policy ${n}`, settings });
    }
    const counts: number[] = [];
    const sent = await sentDuring(() =>
      Promise.all(
        [11, 12, 13].map(async (n) => {
          let count = 0;
          for await (const page of pages(reader, `${policies}/${guid(n)}/settings`)) {
            count += page.elements.length;
          }
          counts.push(count);
        }),
      ),
    );
    expect(counts).toEqual([60, 60, 60]);
    expect(sent).toEqual([3, 3, 3]);
  });

  // Catches: links checked only at the wire, since there the batch's own URL is trusted.
  it('a batch refuses hostile links', async () => {
    // A link with a leading slash would be a path of ours; trusted-url.test.ts covers such nextLinks.
    const isOurs = (link: string) =>
      link.startsWith('/') ||
      /\/beta\/(users|deviceManagement\/deviceManagementScripts)$/.test(link);
    const hostile = hostileLinks(client.url, '127.0.0.1:1', scripts).filter(
      (link) => !isOurs(link),
    );
    const good = `${scripts}/${guid(1)}`;
    const sent = await sentDuring(async () => {
      const outcomes = await Promise.allSettled(
        [...hostile, good, good].map((link) => reader.get(link)),
      );
      for (const outcome of outcomes.slice(0, -2)) {
        expect(outcome).toMatchObject({ reason: { kind: 'untrusted_link' } });
      }
    });
    expect(hostile.length).toBeGreaterThan(30);
    expect(sent).toEqual([2]);
  });

  it('45 gets go in three batches, and later gets in the next', async () => {
    const gets = (count: number) =>
      Array.from({ length: count }, (_, n) => reader.get(`${scripts}/${guid((n % 3) + 1)}`));
    const sent = await sentDuring(async () => {
      await Promise.all(gets(45));
      await Promise.all(gets(2));
      await Promise.all(gets(1));
    });
    expect(sent).toEqual([20, 20, 5, 2, `${scripts}/${guid(1)}`]);
  });

  // Catches: a broken connection reported as an answer, or never reported.
  it('all members of a batch fail if its connection breaks', async () => {
    await client.control('PUT', 'faults', [
      { match: { path: '/\\$batch' }, times: 1, effect: { drop: 'before' } },
    ]);
    const outcomes = await Promise.allSettled(
      [1, 2].map((n) => reader.get(`${scripts}/${guid(n)}`)),
    );
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ reason: { kind: 'network', status: null } });
    }
    await client.control('PUT', 'faults', []);
    await Promise.all([1, 2].map((n) => reader.get(`${scripts}/${guid(n)}`)));
  });
});
