import { createServer, type AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { pino } from 'pino';
import { isDatabaseUnavailable } from '#db/database-unavailable.ts';
import { openDatabase } from '#db/database.ts';
import { type ApiUnderTest, startApi } from '#test/api/support/api-under-test.ts';
import {
  addRoleHolders,
  buildTenant,
  mintPersonas,
  type Persona,
  tenantA,
} from '#test/api/support/world.ts';

const noOutage = () => undefined;
/** The longest acceptable time of an answer. */
const answerWithinMs = 8_000;

async function expectUnavailable(api: ApiUnderTest): Promise<void> {
  const token = (await mintPersonas(api)).owner;
  const startedAt = performance.now();
  const paths = ['/api/v1/me', '/api/v1/notifications', `/api/v1/tenants/${tenantA}/runs`];
  const answers = await Promise.all(paths.map((path) => api.request(path, { token })));
  for (const answer of answers) {
    expect([answer.status, answer.json]).toEqual([
      503,
      expect.objectContaining({ code: 'unavailable' }),
    ]);
    expect(answer.headers.get('retry-after')).not.toBeNull();
    expect(answer.text).not.toMatch(/ECONN|pg|127\.0\.0\.1|\.ts/);
  }
  expect(performance.now() - startedAt).toBeLessThan(answerWithinMs);
}

describe('without Postgres', () => {
  // Catches: a 500 with the driver's words, or a readiness without a check.
  it('requests get 503, readiness names the part that is down, and the process stays alive', async () => {
    await using gone = openDatabase({
      url: 'postgres://x:y@127.0.0.1:9/z',
      role: 'tenantry_app',
      poolSize: 2,
      onError: noOutage,
    });
    const api = await startApi({ deps: { db: gone.db } });
    try {
      await expectUnavailable(api);
      const ready = await api.request('/readyz');
      expect([ready.status, ready.json]).toEqual([
        503,
        expect.objectContaining({ checks: { postgres: 'down', temporal: 'up' } }),
      ]);
      expect((await api.request('/healthz')).status).toBe(200);
    } finally {
      await api.stop();
    }
  });

  // Catches: an endless wait for a server that accepts connections and stays silent.
  it('requests get 503 within seconds while Postgres hangs', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    await using hung = openDatabase({
      url: `postgres://x:y@127.0.0.1:${port}/z`,
      role: 'tenantry_app',
      poolSize: 2,
      onError: noOutage,
    });
    const api = await startApi({ deps: { db: hung.db } });
    try {
      await expectUnavailable(api);
    } finally {
      await api.stop();
      silent.close();
    }
  });
});

describe('with a pool that is used up', () => {
  // Catches: an endless queue for a connection.
  it('requests get 503, and are answered again once it is free', async () => {
    const api = await startApi();
    await using small = openDatabase({
      url: api.database.url,
      role: 'tenantry_app',
      poolSize: 1,
      onError: noOutage,
    });
    const crowded = await startApi({ deps: { db: small.db } });
    try {
      let release = (): void => undefined;
      const held = small.db.connection().execute(
        () =>
          new Promise<void>((resolve) => {
            release = resolve;
          }),
      );
      await expectUnavailable(crowded);
      release();
      await held;
      expect((await crowded.request('/readyz')).status).toBe(200);
    } finally {
      await crowded.stop();
      await api.stop();
    }
  });
});

describe('with Temporal away', () => {
  // Catches: readiness that hangs as long as the check does.
  it('readiness reports it, both if the check fails and if it hangs', async () => {
    for (const checkTemporal of [
      () => Promise.reject(new Error('away')),
      () => new Promise<void>(() => undefined),
    ]) {
      const api = await startApi({ deps: { checkTemporal } });
      try {
        const startedAt = performance.now();
        const ready = await api.request('/readyz');
        expect([ready.status, ready.json]).toEqual([
          503,
          expect.objectContaining({ checks: { postgres: 'up', temporal: 'down' } }),
        ]);
        expect(performance.now() - startedAt).toBeLessThan(answerWithinMs);
      } finally {
        await api.stop();
      }
    }
  });
});

describe('the log', () => {
  let api: ApiUnderTest;
  let tokens: Record<Persona, string>;
  let written = '';

  beforeAll(async () => {
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        written += chunk.toString();
        done();
      },
    });
    api = await startApi({ deps: { log: pino({ level: 'trace' }, sink) } });
    await buildTenant(api, tenantA);
    await addRoleHolders(api, tenantA);
    tokens = await mintPersonas(api);
  });
  afterAll(() => api.stop());

  // Catches: a line with sent text: tokens, queries, bodies, or a path with a search.
  it('has one line a request, with route and caller and without sent text', async () => {
    written = '';
    const secret = 'canary-7f3a';
    await api.request(`/api/v1/tenants/${tenantA}/policies?q=${secret}`, {
      token: tokens.reader,
      headers: { cookie: `a=${secret}` },
    });
    await api.request(`/api/v1/tenants/${tenantA}/inventory-syncs`, {
      method: 'POST',
      token: tokens.owner,
      body: { types: [secret] },
    });
    await api.request(`/api/v1/${secret}`, { token: tokens.owner });
    const failed = await api.request('/api/v1/me', { token: `${secret}.e30.x` });
    const lines = written
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const requests = lines.filter(({ msg }) => msg === 'request');
    expect(requests.map(({ method, route, status }) => [method, route, status])).toEqual([
      ['GET', '/api/v1/tenants/{tenantId}/policies', 200],
      ['POST', '/api/v1/tenants/{tenantId}/inventory-syncs', 400],
      ['GET', null, 404],
      ['GET', null, 401],
    ]);
    expect(requests[0]).toMatchObject({
      principal: expect.stringMatching(/0001$/),
      durationMs: expect.any(Number),
    });
    expect(requests.at(-1)?.['requestId']).toBe(failed.headers.get('x-request-id'));
    expect(written).not.toContain(secret);
    expect(written).not.toContain('eyJ');
  });
});

describe('connections that Postgres cuts', () => {
  // Catches: an unhandled error event of a connection in use, which ends the process.
  it('between the statements of a transaction fail only that transaction', async () => {
    const api = await startApi();
    try {
      const errors: string[] = [];
      await using pool = openDatabase({
        url: api.database.url,
        role: 'tenantry_app',
        poolSize: 1,
        onError: (error) => errors.push(error.message),
      });
      const broken = pool.db.transaction().execute(async (trx) => {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
        await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(api.database.owner.db);
        await sleep(200);
        await sql`select 1`.execute(trx);
      });
      const error: unknown = await broken.catch((reason: unknown) => reason);
      expect(isDatabaseUnavailable(error)).toBe(true);
      expect(errors.length).toBeGreaterThan(0);
      expect((await sql`select 1`.execute(pool.db)).rows).toHaveLength(1);
    } finally {
      await api.stop();
    }
  });
});
