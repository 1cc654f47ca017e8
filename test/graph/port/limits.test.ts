import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { json, rejection, withFakeGraph } from '#test/graph/support/fake-graph.ts';

const path = '/deviceManagement/roleScopeTags';

describe('the limits of a call', () => {
  // Catches: a time limit that covers the headers only, and no time limit at all.
  it.each(['before the headers', 'in the body'])('end a service that stalls %s', async (where) => {
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
  });

  // Catches: a cancellation reported as a failure of Graph, which would be retried.
  it('end with the reason of the caller when he gives up', async () => {
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

  it('end a caller who waits for a token, and spare the others', async () => {
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

  it('name a connection that breaks', async () => {
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

  // Catches: a bound on the compressed size, or one that is checked after everything has been read.
  it('stop reading a body that is too large, packed or not', async () => {
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

  // Catches: a bound that is one byte off.
  it('take a body of exactly the limit', async () => {
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
