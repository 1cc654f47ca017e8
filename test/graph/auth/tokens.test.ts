import { describe, expect, it } from '@jest/globals';
import type { GraphBudget, ThrottledReport } from '#graph/budget/budget.ts';
import { createGraph } from '#graph/client.ts';
import {
  clientSecret,
  graphConfig,
  json,
  rejection,
  tenantId,
  withFakeGraph,
} from '#test/graph/support/fake-graph.ts';

const path = '/deviceManagement/roleScopeTags';

describe('app-only tokens', () => {
  it('a reader requests one token from its tenant for many calls', async () => {
    await withFakeGraph(
      (_, response) => json(response, 200, '{}'),
      async (fake) => {
        const reader = fake.reader();
        await Promise.all(Array.from({ length: 20 }, () => reader.get(path)));
        await reader.get(path);
        expect(fake.tokenRequests).toHaveLength(1);
        const asked = fake.tokenRequests[0]?.path.split('?')[0];
        expect(asked).toBe(`/${tenantId}/oauth2/v2.0/token`);
      },
    );
  });

  // Catches: one token request for each of many calls refused at the same time.
  it('ten calls refused with 401 together share a fresh token', async () => {
    await withFakeGraph(
      (request, response) => {
        const stale = request.headers.authorization === 'Bearer canary-token-1';
        json(response, stale ? 401 : 200, '{}');
      },
      async (fake) => {
        const reader = fake.reader();
        await Promise.all(Array.from({ length: 10 }, () => reader.get(path)));
        expect(fake.tokenRequests.length).toBeLessThanOrEqual(3);
        expect(fake.requests.length).toBeLessThanOrEqual(20);
      },
    );
  });

  const description = `AADSTS7000215: canary ${clientSecret}`;
  it.each([
    [
      401,
      { error: 'invalid_client', error_codes: [7000215], error_description: description },
      { kind: 'unauthorized', code: 'AADSTS7000215' },
    ],
    [
      400,
      {
        error: 'unauthorized_client',
        error_codes: [700016],
        trace_id: 'a-b',
        correlation_id: 'c-d',
      },
      { kind: 'unauthorized', code: 'AADSTS700016', requestId: 'a-b', clientRequestId: 'c-d' },
    ],
    [400, { error: 'temporarily_unavailable' }, { kind: 'unavailable' }],
    [429, {}, { kind: 'throttled', retryAfterSeconds: 3 }],
    [503, '<html>', { kind: 'unavailable', code: 'token_refused' }],
    [302, '', { kind: 'untrusted_link' }],
    [200, '<html>', { kind: 'invalid_response', code: 'malformed_token_answer' }],
    [200, {}, { kind: 'unauthorized', code: 'token_failed' }],
    [200, 'x'.repeat(300_000), { kind: 'too_large' }],
  ])(
    "Entra's token answer %i %j sends no call to Graph and reveals no secret",
    async (status, body, facts) => {
      await withFakeGraph(
        (_, response) => json(response, 200, '{}'),
        async (fake) => {
          const error = await rejection(fake.reader().get(path));
          expect(error).toMatchObject(facts);
          expect(fake.requests).toHaveLength(0);
          expect(fake.tokenRequests).toHaveLength(1);
          expect(`${String(error['stack'])}${JSON.stringify(error)}`).not.toContain('canary');
        },
        (_, response) => json(response, status, body, { 'retry-after': '3', location: '/x' }),
      );
    },
  );

  // Catches: a 429 of Entra taken for Graph's, so that the budget makes all workers of the tenant wait.
  it("Entra's 429 for a fresh token is not reported to the budget as Graph's", async () => {
    const reports: ThrottledReport[] = [];
    const budget: GraphBudget = {
      take: async ({ wanted }) => ({ granted: wanted, waitSeconds: null, used: wanted }),
      throttled: async (report) => void reports.push(report),
    };
    let tokens = 0;
    await withFakeGraph(
      (_, response) => json(response, 401, '{}'),
      async (fake) => {
        const reader = createGraph(graphConfig(fake.url), { budget }).readerFor(tenantId);
        expect(await rejection(reader.get(path))).toMatchObject({ status: 429, notSent: true });
        expect(reports).toEqual([]);
      },
      (_, response) => {
        tokens += 1;
        json(response, tokens === 1 ? 200 : 429, { expires_in: 3599, access_token: 'x' });
      },
    );
  });

  // Catches: MSAL's own throttling cache, since it refuses all requests for a minute after one 503.
  it('a reader gets a token again after Entra recovered from a 503', async () => {
    let calls = 0;
    await withFakeGraph(
      (_, response) => json(response, 200, '{}'),
      async (fake) => {
        const reader = fake.reader();
        expect(await rejection(reader.get(path))).toMatchObject({ kind: 'unavailable' });
        expect((await reader.get(path)).text).toBe('{}');
      },
      (_, response) => {
        calls += 1;
        if (calls === 1) json(response, 503, '{}');
        else json(response, 200, { token_type: 'Bearer', expires_in: 3599, access_token: 'x' });
      },
    );
  });

  it('createGraph refuses an authority by plain http or with user info', () => {
    const config = graphConfig('http://127.0.0.1:1');
    for (const authority of ['http://login.microsoftonline.com', 'https://a:b@login.test']) {
      expect(() => createGraph({ ...config, authority })).toThrow(RangeError);
    }
  });

  // Catches: a configuration error reported as a network failure, and so retried for ever.
  it('an unreadable certificate is a configuration error without a token request', async () => {
    const credential = { kind: 'certificate', certificatePem: 'canary' } as const;
    await withFakeGraph(
      (_, response) => json(response, 200, '{}'),
      async (fake) => {
        const error = await rejection(fake.reader({ credential }).get(path));
        expect(error['kind']).toBeUndefined();
        expect(fake.tokenRequests).toHaveLength(0);
      },
    );
  });
});
