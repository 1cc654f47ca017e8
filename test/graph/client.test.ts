import { describe, expect, it } from '@jest/globals';
import { createGraph } from '#graph/client.ts';
import { GraphError } from '#graph/port/graph-error.ts';
import {
  clientSecret,
  graphConfig,
  json,
  rejection,
  tenantId,
  withFakeGraph,
} from '#test/graph/support/fake-graph.ts';

const path = '/deviceManagement/configurationPolicies?$top=100';

describe('a Graph read', () => {
  it("a read returns Graph's bytes unchanged, sends the required headers and keeps its query", async () => {
    const body = '{ "value":[1.0] , "x":"\\u0000" }';
    await withFakeGraph(
      (_, response) => json(response, 200, body),
      async (fake) => {
        const answer = await fake.reader().get(path);
        expect(answer.text).toBe(body);
        expect(Buffer.from(answer.bytes).toString()).toBe(body);
        expect(answer.requestId).toBe('7c9e6679-7425-40de-944b-e07fc1f90ae7');
        const [seen] = fake.requests;
        expect(seen?.path).toBe(`/beta${path}`);
        expect(seen?.headers).toMatchObject({
          authorization: 'Bearer canary-token-1',
          accept: 'application/json;odata.metadata=minimal',
          prefer: 'include-unknown-enum-members',
          'client-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
        });
      },
    );
  });

  // Catches: the SDK's RetryHandler, or any other retry below the activity.
  it.each([429, 500, 502, 503, 504])(
    'a read answered with %i sends one request and does not retry',
    async (status) => {
      await withFakeGraph(
        (_, response) =>
          json(response, status, { error: { code: 'x', message: '' } }, { 'retry-after': '0' }),
        async (fake) => {
          const error = await rejection(fake.reader().get(path));
          expect(error).toBeInstanceOf(GraphError);
          expect(error).toMatchObject({ status, code: 'x', retryAfterSeconds: 0 });
          expect(fake.requests).toHaveLength(1);
        },
      );
    },
  );

  it.each([
    [400, 'bad_request'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [409, 'conflict'],
    [412, 'conflict'],
    [418, 'bad_request'],
    [429, 'throttled'],
    [500, 'server_error'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'unavailable'],
  ])('a read answered with %i fails as %s', async (status, kind) => {
    await withFakeGraph(
      (_, response) =>
        json(response, status, {
          error: {
            code: 'Request_ResourceNotFound',
            message: 'canary-message',
            innererror: { 'request-id': 'a-1' },
          },
        }),
      async (fake) => {
        const error = await rejection(fake.reader().get(path));
        expect(error).toMatchObject({ kind, status, code: 'Request_ResourceNotFound' });
        expect(error['clientRequestId']).toBe(fake.requests[0]?.headers['client-request-id']);
        expect(`${String(error['message'])} ${JSON.stringify(error)}`).not.toContain('canary');
      },
    );
  });

  // Catches: endless retries of a 401, no retry, or a retry with the refused token.
  it('a read answered with 401 retries once with a fresh token', async () => {
    await withFakeGraph(
      (request, response) => {
        const fresh = request.headers.authorization === 'Bearer canary-token-2';
        json(response, fresh ? 200 : 401, fresh ? '{}' : { error: { code: 'expired' } });
      },
      async (fake) => {
        const reader = fake.reader();
        expect((await reader.get(path)).text).toBe('{}');
        expect((await reader.get(path)).text).toBe('{}');
        expect(fake.requests).toHaveLength(3);
        expect(fake.tokenRequests).toHaveLength(2);
      },
    );
  });

  it('a read answered with 401 twice fails as unauthorized after two requests', async () => {
    await withFakeGraph(
      (_, response) => json(response, 401, { error: { code: 'InvalidAuthenticationToken' } }),
      async (fake) => {
        const error = await rejection(fake.reader().get(path));
        expect(error).toMatchObject({ kind: 'unauthorized', code: 'InvalidAuthenticationToken' });
        expect(fake.requests).toHaveLength(2);
      },
    );
  });

  // Catches: an error code copied unchecked from the body; bodies or secrets in error messages.
  it('a failed read keeps bodies, tokens and secrets out of its error', async () => {
    const code = 'canary-token-1 eyJhbGciOi.canary';
    await withFakeGraph(
      (_, response) => json(response, 400, { error: { code, message: clientSecret } }),
      async (fake) => {
        const error = await rejection(fake.reader().get(path));
        const said = `${String(error['stack'])} ${JSON.stringify(error)} ${String(error['cause'])}`;
        expect(error).toMatchObject({ kind: 'bad_request', code: 'http_400' });
        expect(said).not.toContain('canary-');
      },
    );
  });

  it.each([
    ['text/html', '<html>'],
    ['', ''],
    ['application/jsonp', '{}'],
  ])('a read refuses a 200 with content type "%s"', async (contentType, body) => {
    await withFakeGraph(
      (_, response) => json(response, 200, body, { 'content-type': contentType }),
      async (fake) => {
        const error = await rejection(fake.reader().get(path));
        expect(error).toMatchObject({ kind: 'invalid_response', code: 'not_json' });
      },
    );
  });

  it('a read keeps its status error if the error body is HTML, megabytes long or truncated', async () => {
    const bodies = ['<html>Gateway</html>', '{"error":{"code"', 'x'.repeat(3_000_000)];
    await withFakeGraph(
      (_, response) => json(response, 502, bodies.shift() ?? ''),
      async (fake) => {
        const reader = fake.reader();
        for (let call = 0; call < 3; call += 1) {
          const error = await rejection(reader.get(path));
          expect(error).toMatchObject({ kind: 'unavailable', status: 502, code: 'http_502' });
        }
      },
    );
  });

  it('a read refuses bytes of invalid UTF-8', async () => {
    await withFakeGraph(
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(Buffer.from([0x22, 0xc3, 0x28, 0x22]));
      },
      async (fake) => {
        expect(await rejection(fake.reader().get(path))).toMatchObject({ code: 'not_utf8' });
      },
    );
  });

  it('createGraph accepts only https or loopback URLs, and only GUIDs as tenants', () => {
    for (const baseUrl of ['http://graph.microsoft.com', 'ftp://127.0.0.1', 'https://a:b@c.d']) {
      expect(() => createGraph({ ...graphConfig('http://127.0.0.1:1'), baseUrl })).toThrow(
        RangeError,
      );
    }
    const graph = createGraph(graphConfig('http://127.0.0.1:1'));
    expect(() => graph.readerFor('common')).toThrow(RangeError);
    expect(() => graph.readerFor(`${tenantId}/../x`)).toThrow(RangeError);
  });
});
