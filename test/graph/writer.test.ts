import { describe, expect, it } from '@jest/globals';
import { createGraphWriters } from '#graph/graph-writers.ts';
import type { GraphConfig } from '#graph/port/graph-config.ts';
import type { GraphWriteRequest } from '#graph/port/graph-writer.ts';
import { isAmbiguous } from '#graph/wire/write-outcome.ts';
import {
  type FakeGraph,
  graphConfig,
  json,
  rejection,
  tenantId,
  withFakeGraph,
} from '#test/graph/support/fake-graph.ts';

const path = '/deviceManagement/deviceConfigurations';
const create = { method: 'POST', path, body: '{"a":1.0}' } as const;
const methods = ['POST', 'PATCH', 'PUT', 'DELETE'] as const;

function writerOf(fake: Pick<FakeGraph, 'url'>, config: Partial<GraphConfig> = {}) {
  return createGraphWriters({ ...graphConfig(fake.url), ...config }).writerFor(tenantId);
}

function writeBy(method: GraphWriteRequest['method']): GraphWriteRequest {
  return { method, path, body: method === 'DELETE' ? null : '{"a":1}' };
}

describe('a Graph write', () => {
  it('a write sends its body unchanged and returns the object', async () => {
    await withFakeGraph(
      (_, response) => json(response, 201, '{"id":"x"}'),
      async (fake) => {
        const writer = writerOf(fake);
        await writer.admit(path);
        expect(await writer.send(create)).toEqual({
          status: 201,
          object: { id: 'x' },
          requestId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
        });
        const [seen] = fake.requests;
        expect(seen).toMatchObject({ method: 'POST', path: `/beta${path}`, body: '{"a":1.0}' });
        expect(seen?.headers).toMatchObject({
          authorization: 'Bearer canary-token-1',
          'content-type': 'application/json',
          'client-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
        });
      },
    );
  });

  it.each(methods)('a %s without a body sends none', async (method) => {
    await withFakeGraph(
      (_, response) => response.writeHead(204).end(),
      async (fake) => {
        const answer = await writerOf(fake).send({ method, path, body: null });
        expect(answer).toEqual({ status: 204, object: null, requestId: null });
        expect(fake.requests).toMatchObject([{ method, body: '' }]);
      },
    );
  });

  // Catches: a failure reported for a successful write, since the caller would send it again.
  it.each([
    ['of HTML', '<html>', {}],
    ['that is an array', '[]', {}],
    ['cut short', '{"id":"x"', { 'content-length': '400' }],
    ['of too many bytes', `{"id":"${'x'.repeat(400)}"}`, {}],
  ])(
    'a write answered 2xx with a body %s succeeds without an object',
    async (_name, body, headers) => {
      await withFakeGraph(
        (request, response) => {
          json(response, 201, body, headers);
          if ('content-length' in headers) setTimeout(() => request.socket.destroy(), 50);
        },
        async (fake) => {
          const answer = await writerOf(fake, { responseBytesMax: 300 }).send(create);
          expect(answer).toMatchObject({ status: 201, object: null });
        },
      );
    },
  );

  // Catches: the SDK's RetryHandler (it sends a POST four times), and an ambiguous status taken for certain.
  const statuses = [400, 404, 408, 409, 412, 418, 423, 429, 500, 501, 502, 503, 504, 507];
  it.each(methods.flatMap((method) => statuses.map((status) => [method, status] as const)))(
    'a %s answered with %i sends one request, ambiguous only for 408 and 5xx',
    async (method, status) => {
      await withFakeGraph(
        (_, response) =>
          json(response, status, { error: { code: 'x', message: '' } }, { 'retry-after': '0' }),
        async (fake) => {
          const error = await rejection(writerOf(fake).send(writeBy(method)));
          expect(error).toMatchObject({ status, code: 'x', retryAfterSeconds: 0 });
          expect(isAmbiguous(error)).toBe(status === 408 || status >= 500);
          expect(fake.requests).toHaveLength(1);
        },
      );
    },
  );

  it.each(methods)('a %s does not follow a redirect and is ambiguous', async (method) => {
    await withFakeGraph(
      (_, response) => response.writeHead(307, { location: '/beta/elsewhere' }).end(),
      async (fake) => {
        const error = await rejection(writerOf(fake).send(writeBy(method)));
        expect(error).toMatchObject({ kind: 'invalid_response', status: 307 });
        expect(isAmbiguous(error)).toBe(true);
        expect(fake.requests).toHaveLength(1);
      },
    );
  });

  it.each(methods)('a %s with a broken connection or a timeout is ambiguous', async (method) => {
    await withFakeGraph(
      (request) => {
        if (request.url?.endsWith('break') === true) request.socket.destroy();
      },
      async (fake) => {
        const writer = writerOf(fake, { writeTimeoutMs: 200 });
        const broken = await rejection(writer.send({ ...writeBy(method), path: '/break' }));
        expect(broken).toMatchObject({ kind: 'network', status: null, notSent: false });
        const late = await rejection(writer.send(writeBy(method)));
        expect(late).toMatchObject({ kind: 'timeout', code: 'request_timeout', notSent: false });
        expect([broken, late].map(isAmbiguous)).toEqual([true, true]);
        expect(fake.requests).toHaveLength(2);
      },
    );
  });

  it('a write aborted by its caller rejects with his reason and is ambiguous', async () => {
    const controller = new AbortController();
    const reason = new Error('activity canceled');
    await withFakeGraph(
      () => controller.abort(reason),
      async (fake) => {
        const error = await rejection(
          writerOf(fake).send({ ...create, signal: controller.signal }),
        );
        expect(error).toBe(reason);
        expect(isAmbiguous(error)).toBe(true);
      },
    );
  });

  // Catches: a second send after a successful write, and endless retries.
  it('a write answered with 401 is sent once more with a fresh token', async () => {
    await withFakeGraph(
      (request, response) => {
        const fresh = request.headers.authorization === 'Bearer canary-token-2';
        json(response, fresh ? 201 : 401, fresh ? '{}' : { error: { code: 'expired' } });
      },
      async (fake) => {
        expect(await writerOf(fake).send(create)).toMatchObject({ status: 201 });
        expect(fake.requests.map(({ body }) => body)).toEqual(['{"a":1.0}', '{"a":1.0}']);
      },
    );
  });

  it('a write answered with 401 twice, or once without a fresh token, is not ambiguous', async () => {
    await withFakeGraph(
      (_, response) => json(response, 401, { error: { code: 'expired' } }),
      async (fake) => {
        const error = await rejection(writerOf(fake).send(create));
        expect(error).toMatchObject({ kind: 'unauthorized', status: 401 });
        expect(isAmbiguous(error)).toBe(false);
        expect(fake.requests).toHaveLength(2);
      },
    );
    const tokens: unknown[] = [{ expires_in: 3599, access_token: 'x' }];
    await withFakeGraph(
      (_, response) => json(response, 401, { error: { code: 'expired' } }),
      async (fake) => {
        const error = await rejection(writerOf(fake).send(create));
        expect(error).toMatchObject({ status: 503, notSent: true });
        expect(isAmbiguous(error)).toBe(false);
        expect(fake.requests).toHaveLength(1);
      },
      (_, response) => {
        const token = tokens.shift();
        json(response, token === undefined ? 503 : 200, token ?? '');
      },
    );
  });
});

describe('an unsent write', () => {
  // Catches: a write by a worker paused beyond its claim, and a deadline check before the wait for a token.
  it.each([0, 300])(
    'a write is not sent after its deadline, with a token after %i ms',
    async (delayMs) => {
      await withFakeGraph(
        (_, response) => json(response, 201, '{}'),
        async (fake) => {
          const notAfterMs = performance.now() + (delayMs === 0 ? -1 : 100);
          const error = await rejection(writerOf(fake).send({ ...create, notAfterMs }));
          expect(error).toMatchObject({ kind: 'timeout', code: 'not_sent', notSent: true });
          expect(isAmbiguous(error)).toBe(false);
          expect(fake.requests).toEqual([]);
        },
        (_, response) => {
          const token = { expires_in: 3599, access_token: 'x' };
          setTimeout(() => json(response, 200, token), delayMs);
        },
      );
    },
  );

  it.each([
    '/../v1.0/me',
    '/deviceManagement/../../v1.0/me',
    '/$batch',
    '/deviceManagement/%2e%2e/groups',
    '/deviceManagement/x y',
  ])('a write to %s is not sent', async (strange) => {
    await withFakeGraph(
      (_, response) => json(response, 201, '{}'),
      async (fake) => {
        const error = await rejection(writerOf(fake).send({ ...create, path: strange }));
        expect(error).toMatchObject({ notSent: true });
        expect(isAmbiguous(error)).toBe(false);
        expect(fake.requests).toEqual([]);
      },
    );
  });

  it('a write without a token is not sent', async () => {
    await withFakeGraph(
      (_, response) => json(response, 201, '{}'),
      async (fake) => {
        const writer = writerOf(fake);
        for (const call of [() => writer.admit(path), () => writer.send(create)]) {
          const error = await rejection(call());
          expect(error).toMatchObject({ status: 429 });
        }
        expect(isAmbiguous(await rejection(writer.send(create)))).toBe(false);
        expect(fake.requests).toEqual([]);
      },
      (_, response) => json(response, 429, ''),
    );
  });

  it('the writer accepts only GUIDs as tenants', () => {
    expect(() => createGraphWriters(graphConfig('http://127.0.0.1:1')).writerFor('common')).toThrow(
      RangeError,
    );
  });
});
