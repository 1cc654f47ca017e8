import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '#test/api/support/api-under-test.ts';
import { rowCounts } from '#test/api/support/row-counts.ts';
import {
  addRoleHolders,
  buildTenant,
  mintPersonas,
  type Persona,
  tenantA,
} from '#test/api/support/world.ts';

let api: ApiUnderTest;
let tokens: Record<Persona, string>;
const syncs = `/api/v1/tenants/${tenantA}/inventory-syncs`;

beforeAll(async () => {
  api = await startApi();
  await buildTenant(api, tenantA);
  await addRoleHolders(api, tenantA);
  tokens = await mintPersonas(api);
});
afterAll(() => api.stop());

/** Sends raw bytes and returns the answer up to the close or a silence. */
function sendRaw(text: string, silentMs = 700): Promise<string> {
  const { hostname, port } = new URL(api.url);
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.setTimeout(silentMs, () => socket.destroy());
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(received));
  });
}

const head = (request: string, headers: string[]) =>
  [request, 'Host: 127.0.0.1', 'Connection: close', ...headers, '', ''].join('\r\n');
const auth = () => `Authorization: Bearer ${tokens.owner}`;
const statuses = (text: string) =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));

describe('the server', () => {
  // Catches: one request that a proxy and the server see as two: a request smuggled past the proxy.
  it('server refuses ambiguous framing without any effect', async () => {
    const before = await rowCounts(api.database);
    const json = 'Content-Type: application/json';
    const ambiguous = [
      head(`POST ${syncs} HTTP/1.1`, [
        auth(),
        json,
        'Content-Length: 2',
        'Transfer-Encoding: chunked',
      ]) + '0\r\n\r\n',
      head(`POST ${syncs} HTTP/1.1`, [auth(), json, 'Content-Length: 2', 'Content-Length: 3']) +
        '{}x',
      head(`POST ${syncs} HTTP/1.1`, [auth(), json, 'Content-Length: -1']) + '{}',
      head(`POST ${syncs} HTTP/1.1`, [auth(), json, 'Content-Length: 0x2']) + '{}',
      head(`POST ${syncs} HTTP/1.1`, [auth(), json, 'Transfer-Encoding: gzip, chunked']) +
        '2\r\n{}\r\n0\r\n\r\n',
      head(`POST ${syncs} HTTP/1.1`, [auth(), json, 'Transfer-Encoding: chunked']) +
        'zz\r\n{}\r\n0\r\n\r\n',
      head(`POST ${syncs} HTTP/1.1`, [auth(), json, 'Transfer-Encoding: xchunked']) +
        '2\r\n{}\r\n0\r\n\r\n',
    ];
    for (const text of ambiguous) {
      const answered = statuses(await sendRaw(text));
      expect([
        text.slice(0, 60),
        answered.every((status) => status >= 400 && status < 500),
      ]).toEqual([text.slice(0, 60), true]);
    }
    expect(await rowCounts(api.database)).toEqual(before);
  });

  // Catches: methods and targets that Express answers with its own page or an internal error.
  it('server answers odd methods, targets and headers with 4xx', async () => {
    const odd = [
      head('TRACE /api/v1/me HTTP/1.1', [auth()]),
      head('BREW / HTTP/1.1', []),
      head('GET http://evil.test/api/v1/nothing HTTP/1.1', [auth()]),
      head('GET //evil.test/ HTTP/1.1', []),
      head('GET /%00 HTTP/1.1', []),
      head('GET /% HTTP/1.1', []),
      head('GET /api/v1/tenants/%/runs HTTP/1.1', [auth()]),
      head('GET /api/v1/tenants/%E0%A4%A/runs HTTP/1.1', [auth()]),
      head('GET /..%2f..%2fetc/passwd HTTP/1.1', []),
      head('GET / HTTP/1.1', [`X-Long: ${'x'.repeat(20_000)}`]),
      head(
        'GET / HTTP/1.1',
        Array.from({ length: 3_000 }, (_, n) => `X-${n}: 1`),
      ),
      'GET / HTTP/1.1\r\n\r\n',
      'nonsense\r\n\r\n',
    ];
    for (const text of odd) {
      const answer = await sendRaw(text);
      expect([
        text.slice(0, 70),
        statuses(answer).every((status) => status >= 400 && status < 500),
      ]).toEqual([text.slice(0, 70), true]);
      expect(answer).not.toMatch(/\bat \S+ \(|node_modules|<html/i);
    }
    expect(statuses(await sendRaw(odd[0] ?? ''))).toEqual([405]);
  });

  // Catches: proxy headers, conditions and ranges that change the caller or the answer.
  it('server ignores proxy headers, conditions and ranges', async () => {
    const headers = {
      'x-forwarded-for': '10.0.0.1',
      'x-forwarded-host': 'evil.test',
      'x-http-method-override': 'DELETE',
      'x-original-url': '/api/v1/nothing',
      range: 'bytes=0-1',
      'if-none-match': '*',
      'if-match': '"a"',
      cookie: 'a=b',
      accept: 'text/html',
    };
    const answer = await api.request(syncs, { method: 'POST', token: tokens.owner, headers });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toMatch(/^\/api\/v1\//);
    expect((await api.request('/api/v1/me', { token: tokens.owner, headers })).status).toBe(200);
  });

  // Catches: bodies held in memory, or inflated, before the refusal.
  it('server refuses resource bombs and stays up', async () => {
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(20 * 1024 * 1024)));
    const nested = '['.repeat(30_000);
    const bombs: [string, Parameters<ApiUnderTest['request']>[1], number][] = [
      ['10 MB', { raw: `{"a":"${'x'.repeat(10 * 1024 * 1024)}"}` }, 413],
      ['a gzip bomb', { raw: bomb, headers: { 'content-encoding': 'gzip' } }, 415],
      ['a gzip bomb that says nothing', { raw: bomb.slice(0, 20_000) }, 400],
      ['30,000 arrays', { raw: nested + ']'.repeat(30_000) }, 400],
      ['a long number', { raw: `{"types":[${'9'.repeat(60_000)}]}` }, 400],
      ['many commas', { raw: `{"types":[${','.repeat(60_000)}]}` }, 400],
    ];
    const heapBefore = process.memoryUsage().heapUsed;
    for (const [name, request, wanted] of bombs) {
      const answer = await api.request(syncs, { method: 'POST', token: tokens.owner, ...request });
      expect([name, answer.status]).toEqual([name, wanted]);
    }
    expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(100 * 1024 * 1024);
    expect((await api.request('/healthz')).status).toBe(200);
  });

  // Catches: an announced length checked only after the whole body.
  it('server refuses an announced length over the limit without waiting for the body', async () => {
    const announced = [auth(), 'Content-Type: application/json', 'Content-Length: 10000000'];
    expect(statuses(await sendRaw(head(`POST ${syncs} HTTP/1.1`, announced)))).toEqual([413]);
  });

  // Catches: a chunked body read without end, and its lost answer.
  it('server stops a chunked body at the limit and still answers', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sent = httpRequest(
        `${api.url}${syncs}`,
        {
          method: 'POST',
          headers: { authorization: `Bearer ${tokens.owner}`, 'content-type': 'application/json' },
        },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      sent.on('error', reject);
      for (let n = 0; n < 100; n += 1) sent.write(' '.repeat(10_000));
      sent.end();
    });
    expect(status).toBe(413);
  });

  // Catches: a request that continues, or a server that crashes, after its client went away.
  it('server survives clients that go away in the middle', async () => {
    const { hostname, port } = new URL(api.url);
    for (let n = 0; n < 50; n += 1) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      socket.write(
        head(`POST ${syncs} HTTP/1.1`, [
          auth(),
          'Content-Type: application/json',
          'Content-Length: 1000',
        ]) + '{"types"',
      );
      await sleep(5);
      socket.destroy();
    }
    expect((await api.request('/api/v1/me', { token: tokens.owner })).status).toBe(200);
  });
});
