import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { json, rejection, withFakeGraph } from '#test/graph/support/fake-graph.ts';

const path = '/deviceManagement/roleScopeTags';

describe('limits of a Graph call', () => {
  // Catches: a time limit for the headers only, or no time limit.
  it.each(['before the headers', 'in the body'])(
    'a call times out if Graph stalls %s',
    async (where) => {
      await withFakeGraph(
        (_, response) => {
          if (where === 'in the body') {
            response.writeHead(200, { 'content-type': 'application/json' });
            response.write('{"value":[');
          }
        },
        async (fake) => {
          const error = await rejection(fake.reader({ requestTimeoutMs: 150 }).get(path));
          expect(error).toMatchObject({ kind: 'timeout', code: 'request_timeout', status: null });
        },
      );
    },
  );

  // Catches: an abort reported as a failure of Graph, since the activity would retry it.
  it("an aborted call rejects with its caller's reason", async () => {
    const controller = new AbortController();
    const reason = new Error('activity canceled');
    await withFakeGraph(
      () => controller.abort(reason),
      async (fake) => {
        const reader = fake.reader();
        const read = { signal: controller.signal };
        expect(await rejection(reader.get(path, read))).toBe(reason);
        expect(await rejection(reader.get(path, read))).toBe(reason);
        expect(fake.requests).toHaveLength(1);
      },
    );
  });

  it('an abort during a token request ends one caller and spares the others', async () => {
    const controller = new AbortController();
    const tokenAsked = Promise.withResolvers<() => void>();
    await withFakeGraph(
      (_, response) => json(response, 200, '{}'),
      async (fake) => {
        const reader = fake.reader();
        const first = rejection(reader.get(path, { signal: controller.signal }));
        const second = reader.get(path);
        const letTokenGo = await tokenAsked.promise;
        controller.abort(new Error('gone'));
        expect(await first).toMatchObject({ message: 'gone' });
        letTokenGo();
        expect((await second).text).toBe('{}');
        expect(fake.tokenRequests).toHaveLength(1);
      },
      (_, response) =>
        tokenAsked.resolve(() => json(response, 200, { expires_in: 3599, access_token: 'x' })),
    );
  });

  it('a broken connection is a network error with its code', async () => {
    await withFakeGraph(
      (request) => request.socket.destroy(),
      async (fake) => {
        const error = await rejection(fake.reader().get(path));
        expect(error).toMatchObject({ kind: 'network', status: null });
        expect(String(error['code'])).toMatch(/^(UND_ERR_SOCKET|ECONNRESET)$/);
        expect(fake.requests).toHaveLength(1);
      },
    );
  });

  // Catches: a limit on the compressed size, or a check after the whole body.
  it('a call stops reading a body above the limit, compressed or not', async () => {
    const bomb = gzipSync(Buffer.alloc(30_000_000, 0x20));
    await withFakeGraph(
      (request, response) => {
        if (request.url?.endsWith('bomb')) {
          response.writeHead(200, {
            'content-type': 'application/json',
            'content-encoding': 'gzip',
          });
          response.end(bomb);
          return;
        }
        response.writeHead(200, { 'content-type': 'application/json' });
        const chunk = Buffer.alloc(64 * 1024, 0x20);
        const pour = (): void => {
          while (response.write(chunk));
        };
        response.on('drain', pour);
        pour();
      },
      async (fake) => {
        const reader = fake.reader();
        for (const hostile of ['/bomb', '/endless']) {
          const error = await rejection(reader.get(hostile));
          expect(error).toMatchObject({ kind: 'too_large', code: 'body_too_large', status: 200 });
        }
      },
    );
  });

  // Catches: a limit off by one byte.
  it('a call accepts a body of exactly the limit', async () => {
    await withFakeGraph(
      (_, response) => json(response, 200, '[1,2]'),
      async (fake) => {
        expect((await fake.reader({ responseBytesMax: 5 }).get(path)).text).toBe('[1,2]');
        expect(await rejection(fake.reader({ responseBytesMax: 4 }).get(path))).toMatchObject({
          code: 'body_too_large',
        });
      },
    );
  });
});
