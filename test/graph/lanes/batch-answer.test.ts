import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import type { GraphAnswer } from '#graph/port/graph-reader.ts';
import { json, rejection, type FakeGraph, withFakeGraph } from '#test/graph/support/fake-graph.ts';

const path = '/deviceManagement/roleScopeTags';

interface SentMember {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
}

/** Runs a test against a Graph with a given answer to batches. */
async function withEnvelopes(
  answer: (members: readonly SentMember[], response: ServerResponse) => void,
  test: (fake: FakeGraph) => Promise<void>,
  answerPlain: (request: IncomingMessage, response: ServerResponse) => void = (_, response) =>
    json(response, 200, '{"plain":true}'),
): Promise<void> {
  await withFakeGraph(
    (request, response) => {
      if (request.method === 'GET') return answerPlain(request, response);
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as { requests: SentMember[] };
        answer(body.requests, response);
      });
    },
    test,
    undefined,
    { batches: 'raw' },
  );
}

function envelope(members: readonly string[]): string {
  return `{"responses":[${members.join()}]}`;
}

function member(id: string, body: string, rest = ''): string {
  return `{"id":"${id}","status":200,"headers":{"Content-Type":"application/json"}${rest},"body":${body}}`;
}

async function allOf(fake: FakeGraph, count: number): Promise<(GraphAnswer | Error)[]> {
  const reader = fake.reader();
  const gets = Array.from({ length: count }, (_, n) => reader.get(`${path}/${n}`));
  const settled = await Promise.allSettled(gets);
  return settled.map((each) => (each.status === 'fulfilled' ? each.value : (each.reason as Error)));
}

describe('a $batch', () => {
  it('concurrent gets share batches of at most twenty; a single get goes as a plain GET', async () => {
    const sizes: number[] = [];
    await withEnvelopes(
      (members, response) => {
        sizes.push(members.length);
        json(response, 200, envelope(members.map(({ id }) => member(id, '{}'))));
      },
      async (fake) => {
        await allOf(fake, 41);
        expect(sizes).toEqual([20, 20]);
        expect(fake.requests.map(({ method }) => method)).toEqual(['POST', 'POST', 'GET']);
        expect(fake.requests[0]?.path).toBe('/beta/$batch');
        expect(fake.tokenRequests).toHaveLength(1);
      },
    );
  });

  // Catches: headers on the batch only, since Graph ignores them there.
  it('a batch carries the headers of each get on its member', async () => {
    let seen: readonly SentMember[] = [];
    await withEnvelopes(
      (members, response) => {
        seen = members;
        json(response, 200, envelope(members.map(({ id }) => member(id, '{}'))));
      },
      async (fake) => {
        const reader = fake.reader();
        const link = `${fake.url}/beta${path}?$skiptoken=%27a%2Fb%27`;
        await Promise.all([
          reader.get(link, { headers: { ConsistencyLevel: 'eventual' } }),
          reader.get(`${path}?$top=5`),
        ]);
        expect(seen.map(({ url }) => url)).toEqual([
          `${path}?$skiptoken=%27a%2Fb%27`,
          `${path}?$top=5`,
        ]);
        for (const { method, headers } of seen) {
          expect(method).toBe('GET');
          expect(headers).toMatchObject({
            Accept: 'application/json;odata.metadata=minimal',
            Prefer: 'include-unknown-enum-members',
            'client-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
          });
        }
        expect(seen[0]?.headers['ConsistencyLevel']).toBe('eventual');
        expect(new Set(seen.map(({ id }) => id)).size).toBe(2);
      },
    );
  });

  // Catches: a body changed by JSON.parse and JSON.stringify.
  it('a batch returns each body byte for byte', async () => {
    const bodies = [
      '{"__proto__":{"x":1.0},"n":9007199254740993,"m":-0,"e":1e400}',
      '{ "a" : "\\u0000 \\ud800 \\/ é \u2028" ,\n "a" : 1.10 }',
      '{"id":"2","status":404,"body":{"responses":[]},"deep":[[["]}"]]]}',
      '{"constructor":{"prototype":null},"empty":{}, "list":[ ]}',
    ];
    await withEnvelopes(
      (members, response) => {
        const answers = members.map(({ id }, n) => ` ${member(id, `\n${bodies[n] ?? ''} `)}\t`);
        json(response, 200, envelope(answers.toReversed()));
      },
      async (fake) => {
        const answers = (await allOf(fake, bodies.length)) as GraphAnswer[];
        expect(answers.map(({ text }) => text)).toEqual(bodies);
        expect(answers.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(bodies);
      },
    );
  });

  // Catches: a failed member that fails its neighbours, or loses its error facts.
  it('a batch member fails alone, like a plain call', async () => {
    const intuneMessage = JSON.stringify(JSON.stringify({ Message: 'x', RetryAfter: '13' }));
    await withEnvelopes(
      (_, response) =>
        json(
          response,
          200,
          envelope([
            '{"id":"7","status":503,"headers":{"Content-Type":"text/html"},"body":"PGh0bWw+"}',
            '{"id":"6","status":200,"headers":{"content-type":"text/html"},"body":"PGh0bWw+"}',
            '{"id":"5","status":204}',
            `{"id":"4","status":429,"headers":{},"body":{"error":{"code":"TooManyRequests","message":${intuneMessage}}}}`,
            '{"id":"3","status":429,"headers":{"Retry-After":"2.5","request-id":"r-3"},"body":{"error":{"code":"x"}}}',
            '{"id":"2","status":404,"headers":{},"body":{"error":{"code":"ResourceNotFound","innerError":{"request-id":"r-2"}}}}',
            member('1', '{"ok":1}'),
            '{"id":"8","status":302,"headers":{"Location":"https://evil.test/"}}',
          ]),
        ),
      async (fake) => {
        const outcomes = await allOf(fake, 8);
        expect(outcomes[0]).toMatchObject({
          text: '{"ok":1}',
          requestId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
        });
        expect(outcomes.slice(1)).toMatchObject([
          { kind: 'not_found', code: 'ResourceNotFound', status: 404, requestId: 'r-2' },
          { kind: 'throttled', code: 'x', retryAfterSeconds: 2.5, requestId: 'r-3' },
          { kind: 'throttled', retryAfterSeconds: 13 },
          { kind: 'invalid_response', code: 'not_json', status: 204 },
          { kind: 'invalid_response', code: 'not_json', status: 200 },
          { kind: 'unavailable', code: 'http_503' },
          { kind: 'untrusted_link', status: 302 },
        ]);
        const own = outcomes
          .slice(1)
          .map((error) => (error as { clientRequestId?: string }).clientRequestId);
        expect(new Set(own).size).toBe(7);
        expect(fake.requests).toHaveLength(1);
      },
    );
  });

  // Catches: answers matched by position, the first of two taken for the right one, and an unknown id taken for ours.
  it('a batch member left out, answered twice or garbled by Graph gets an error', async () => {
    await withEnvelopes(
      (_, response) =>
        json(
          response,
          200,
          envelope([
            member('2', '{"two":1}'),
            member('2', '{"two":2}'),
            member('21', '{"foreign":1}'),
            '{"id":3,"status":200,"body":{}}',
            '{"id":"4","status":"200","body":{}}',
            '{"id":"5","status":99,"body":{}}',
            'null',
            '[]',
            member('6', '{"six":1}'),
          ]),
        ),
      async (fake) => {
        const outcomes = await allOf(fake, 6);
        expect(outcomes).toMatchObject([
          { kind: 'invalid_response', code: 'batch_member_missing' },
          { kind: 'invalid_response', code: 'batch_member_doubled' },
          { kind: 'invalid_response', code: 'batch_member_missing' },
          { kind: 'invalid_response', code: 'batch_member_malformed' },
          { kind: 'invalid_response', code: 'batch_member_malformed' },
          { text: '{"six":1}' },
        ]);
      },
    );
  });

  it.each([
    ['an answer without responses', 200, '{}', 'no_responses'],
    ['responses that are no list', 200, '{"responses":{"0":{}}}', 'no_responses'],
    ['an answer that is cut short', 200, '{"responses":[{"id":"1"', 'malformed_json'],
    ['a gateway that is away', 503, '<html>', 'http_503'],
    ['a 429', 429, '{"error":{"code":"TooManyRequests"}}', 'TooManyRequests'],
  ])('a batch fails as a whole on %s', async (_, status, body, code) => {
    await withEnvelopes(
      (_, response) => json(response, status, body, { 'retry-after': '4' }),
      async (fake) => {
        const outcomes = await allOf(fake, 3);
        for (const outcome of outcomes) expect(outcome).toMatchObject({ code, status });
        expect(fake.requests).toHaveLength(1);
      },
    );
  });

  // Catches: twenty policies that fail permanently because together they are too large, or Graph rejects their batch.
  it.each([
    ['too large', 200, envelope([member('1', `"${'x'.repeat(3_000)}"`)])],
    ['nested too deeply', 200, envelope([member('1', '['.repeat(90) + ']'.repeat(90))])],
    ['refused as such', 400, '{"error":{"code":"BadRequest"}}'],
    ['not known', 404, '{"error":{"code":"x"}}'],
  ])('a batch answer %s makes each get go again as a plain GET', async (_, status, body) => {
    await withEnvelopes(
      (_, response) => json(response, status, body),
      async (fake) => {
        const reader = fake.reader({ responseBytesMax: 2_000 });
        const answers = await Promise.all([1, 2, 3].map((n) => reader.get(`${path}/${n}`)));
        expect(answers.map(({ text }) => text)).toEqual(Array(3).fill('{"plain":true}'));
        expect(fake.requests.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET', 'GET']);
      },
    );
  });

  it('a batch member with a refused token goes again with a fresh one', async () => {
    await withEnvelopes(
      (members, response) =>
        json(
          response,
          200,
          envelope(
            members.map(({ id }) => (id === '2' ? `{"id":"2","status":401}` : member(id, '{}'))),
          ),
        ),
      async (fake) => {
        expect(await allOf(fake, 3)).toMatchObject([
          { text: '{}' },
          { text: '{"fresh":true}' },
          { text: '{}' },
        ]);
        expect(fake.requests.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET']);
        expect(fake.tokenRequests).toHaveLength(2);
      },
      (request, response) => {
        const fresh = request.headers.authorization === 'Bearer canary-token-2';
        json(response, fresh ? 200 : 401, fresh ? '{"fresh":true}' : '{}');
      },
    );
  });
});

describe('the abort of a get in a batch', () => {
  it('an aborted get leaves the queue, and the others are sent without it', async () => {
    let seen: readonly SentMember[] = [];
    const controller = new AbortController();
    const reason = new Error('activity canceled');
    await withEnvelopes(
      (members, response) => {
        seen = members;
        json(response, 200, envelope(members.map(({ id }) => member(id, '{}'))));
      },
      async (fake) => {
        const reader = fake.reader();
        const first = rejection(reader.get(`${path}/1`, { signal: controller.signal }));
        const others = [2, 3].map((n) => reader.get(`${path}/${n}`));
        controller.abort(reason);
        expect(await first).toBe(reason);
        await Promise.all(others);
        expect(seen.map(({ url }) => url)).toEqual([`${path}/2`, `${path}/3`]);
      },
    );
  });

  // Catches: a batch ended by its first caller's abort, or continued after all callers aborted.
  it('a batch in flight goes on for the other callers; the last abort ends it', async () => {
    const arrived = Promise.withResolvers<ServerResponse>();
    const closed = Promise.withResolvers<void>();
    const callers = [new AbortController(), new AbortController()];
    await withEnvelopes(
      (_, response) => {
        response.on('close', () => closed.resolve());
        arrived.resolve(response);
      },
      async (fake) => {
        const reader = fake.reader();
        const gets = callers.map(({ signal }, n) =>
          rejection(reader.get(`${path}/${n}`, { signal })),
        );
        const response = await arrived.promise;
        callers[0]?.abort(new Error('first'));
        expect(await gets[0]).toMatchObject({ message: 'first' });
        await new Promise((resolve) => setTimeout(resolve, 50));
        expect(response.destroyed).toBe(false);
        callers[1]?.abort(new Error('second'));
        expect(await gets[1]).toMatchObject({ message: 'second' });
        await closed.promise;
      },
    );
  });
});
