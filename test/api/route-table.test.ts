import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { createApp } from '#api/app.ts';
import { routes } from '#api/routes.ts';
import { graphConfig } from '#commands/graph-config.ts';
import { createSnapshotCipher } from '#db/snapshot/snapshot-cipher.ts';
import { previewRestore } from '#domain/run/run-requests.ts';
import { createGroupSearch } from '#graph/directory/delegated-search.ts';
import { createLogger } from '#logger.ts';
import { type ApiUnderTest, startApi, testSettings } from '#test/api/support/api-under-test.ts';
import { goodQuery } from '#test/api/support/operations.ts';
import { addPlannedRun, plannedUpdate } from '#test/api/support/planned-runs.ts';
import { createRowSchedules } from '#test/api/support/row-schedules.ts';
import { createRowStarter } from '#test/api/support/row-starter.ts';
import {
  addRoleHolders,
  buildTenant,
  mintPersonas,
  type Persona,
  tenantA,
  type TenantWorld,
} from '#test/api/support/world.ts';

let api: ApiUnderTest;
let tokens: Record<Persona, string>;
let a: TenantWorld;

beforeAll(async () => {
  api = await startApi();
  a = await buildTenant(api, tenantA);
  await addRoleHolders(api, tenantA);
  tokens = await mintPersonas(api);
});
afterAll(() => api.stop());

/** The part of Express's layers that this test reads. */
interface Layer {
  readonly route?: { readonly path: string; readonly stack: { readonly method?: string }[] };
  readonly handle: { readonly stack?: Layer[] };
}

function registered(layers: readonly Layer[]): string[] {
  return layers.flatMap(({ route, handle }) => {
    if (route === undefined) return registered(handle.stack ?? []);
    const methods = route.stack.flatMap(({ method }) => (method === undefined ? [] : [method]));
    return methods.map((method) => `${method} ${route.path}`);
  });
}

interface OpenApi {
  readonly openapi: string;
  readonly paths: Record<
    string,
    Record<
      string,
      {
        operationId: string;
        responses: Record<string, { content?: Record<string, { schema: { $ref: string } }> }>;
      }
    >
  >;
  readonly components: { readonly schemas: Record<string, object> };
}

const document = async () => (await api.request('/openapi.json')).json as OpenApi;

describe('the route table', () => {
  // Catches: a route registered with Express directly, without role, schema and documentation.
  it('route table and Express have the same routes', () => {
    const { db } = api.database.app;
    const { config, secrets } = testSettings(api.simulatorUrl);
    const app = createApp({
      db,
      cipher: createSnapshotCipher([{ id: 'test', key: Buffer.alloc(32, 7) }]),
      runs: createRowStarter(db),
      schedules: createRowSchedules(),
      groupSearch: createGroupSearch(graphConfig(config, secrets)),
      config,
      log: createLogger({ level: 'silent', name: 'test' }),
      checkTemporal: async () => undefined,
    });
    const inExpress = registered(app.router.stack as unknown as Layer[]).sort();
    const inTable = routes
      .map(
        ({ method, path }) =>
          `${method} ${path.replace(/^\/api\/v1(?=\/)/, '').replaceAll(/\{(\w+)\}/g, ':$1')}`,
      )
      .sort();
    expect(inExpress).toEqual(inTable);
    expect(inExpress.length).toBeGreaterThan(25);
  });

  // Catches: a method that falls through to 404, or that Express answers itself (OPTIONS).
  it('other methods on a path of the table get 405 with Allow', async () => {
    const owner = { token: tokens.owner };
    const wrongMethods: [string, string, string][] = [
      ['DELETE', '/api/v1/me', 'GET, HEAD'],
      ['OPTIONS', '/api/v1/me', 'GET, HEAD'],
      ['PATCH', '/api/v1/tenants', 'GET, POST, HEAD'],
      ['POST', '/healthz', 'GET, HEAD'],
      ['GET', `/api/v1/tenants/${tenantA}/inventory-syncs`, 'POST'],
    ];
    for (const [method, path, allow] of wrongMethods) {
      const answer = await api.request(path, { method, ...owner });
      expect([method, path, answer.status, answer.headers.get('allow')]).toEqual([
        method,
        path,
        405,
        allow,
      ]);
      expect(answer.json).toMatchObject({ code: 'method_not_allowed', status: 405 });
    }
  });

  // Catches: loose matching, so that a resource has two paths.
  it('paths outside of the table get 404, under /api/v1 after 401', async () => {
    const paths = [
      '/api/v1',
      '/api/v1/',
      '/api/v1/nothing',
      '/API/v1/me',
      '/api/v1/Me',
      '/api/v1/me/',
      '/nothing',
      '/healthz/',
      '//healthz',
      '/api/v2/me',
      '/page.css/..%2fpackage.json',
      '/../package.json',
    ];
    for (const path of paths) {
      const answer = await api.request(path, { token: tokens.owner });
      expect([path, answer.status, answer.json]).toEqual([
        path,
        404,
        expect.objectContaining({ code: 'not_found' }),
      ]);
    }
    expect((await api.request('/api/v1/nothing')).status).toBe(401);
  });

  // Catches: GET routes without HEAD.
  it('HEAD is answered like GET, without the body', async () => {
    for (const path of [
      '/healthz',
      '/api/v1/me',
      `/api/v1/tenants/${tenantA}/snapshots/${a.snapshotId}`,
    ]) {
      const answer = await api.request(path, { method: 'HEAD', token: tokens.owner });
      expect([path, answer.status, answer.text]).toEqual([path, 200, '']);
    }
  });
});

describe('the OpenAPI document', () => {
  // Catches: an undescribed route, and a reference to a missing schema.
  it('OpenAPI document describes every route with its problems', async () => {
    const { openapi, paths, components } = await document();
    expect(openapi).toBe('3.1.0');
    for (const route of routes.filter(({ path }) => path.startsWith('/api/v1/'))) {
      const operation = paths[route.path]?.[route.method];
      expect(operation?.operationId).toBe(route.operationId);
      const statuses = Object.keys(operation?.responses ?? {});
      expect(statuses).toEqual(
        expect.arrayContaining([String(route.answer.status), '400', '401', '503']),
      );
      if (route.path.includes('{tenantId}')) expect(statuses).toContain('403');
    }
    const references = JSON.stringify(paths).matchAll(/#\/components\/schemas\/(\w+)/g);
    for (const [, name = ''] of references) expect(Object.keys(components.schemas)).toContain(name);
  });

  // Catches: an answer with a member outside of its schema (over-exposure), or without a promised one.
  it('OpenAPI schemas match the real answers', async () => {
    const { paths, components } = await document();
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const described = [
      '/api/v1/me',
      '/api/v1/tenants',
      '/api/v1/tenants/{tenantId}',
      '/api/v1/tenants/{tenantId}/members',
      '/api/v1/tenants/{tenantId}/policy-types',
      '/api/v1/tenants/{tenantId}/policies',
      '/api/v1/tenants/{tenantId}/policies/{policyId}',
      '/api/v1/tenants/{tenantId}/policies/{policyId}/snapshots',
      '/api/v1/tenants/{tenantId}/snapshots/{snapshotId}',
      '/api/v1/tenants/{tenantId}/snapshots/{snapshotId}/diff',
      '/api/v1/tenants/{tenantId}/runs',
      '/api/v1/tenants/{tenantId}/runs/{runId}',
      '/api/v1/tenants/{tenantId}/runs/{runId}/items',
      '/api/v1/tenants/{tenantId}/runs/{runId}/preview',
      '/api/v1/notifications',
      '/healthz',
      '/readyz',
    ];
    const work = previewRestore(tenantA, { backupSetId: a.backupSetId });
    const previewRunId = await addPlannedRun(api, work, [
      { backupItemId: null, plan: plannedUpdate },
      { backupItemId: null, plan: 'delete' },
    ]);
    for (const path of described) {
      const real = path
        .replace('{tenantId}', tenantA)
        .replace('{policyId}', a.policyId)
        .replace('{runId}', path.endsWith('/preview') ? previewRunId : a.runId)
        .replace('{snapshotId}', a.snapshotId);
      const { operationId = '' } = paths[path]?.['get'] ?? {};
      const answer = await api.request(`${real}${goodQuery(operationId, a)}`, {
        token: tokens.owner,
      });
      const reference =
        paths[path]?.['get']?.responses['200']?.content?.['application/json']?.schema.$ref ?? '';
      const check = ajv.compile(
        components.schemas[reference.split('/').at(-1) ?? ''] ?? { not: {} },
      );
      expect([path, answer.status, check(answer.json), check.errors]).toEqual([
        path,
        200,
        true,
        null,
      ]);
    }
    const problem = ajv.compile(components.schemas['Problem'] ?? { not: {} });
    expect(problem((await api.request('/api/v1/me')).json)).toBe(true);
  });
});

describe('the pages', () => {
  // Catches: a page against its own content security policy.
  it('pages have no script and no foreign resources', async () => {
    for (const path of ['/', '/docs']) {
      const { text, headers } = await api.request(path);
      expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(text).not.toMatch(/<script|style=|\son\w+=|https?:\/\//i);
      for (const [, href = ''] of text.matchAll(/href="([^"#]+)"/g)) {
        expect([href, (await api.request(href)).status]).toEqual([href, 200]);
      }
    }
  });
});

describe('every answer', () => {
  // Catches: cacheable answers, answers that reveal the server software, and answers without a request id.
  it('every answer has a request id and the security headers', async () => {
    for (const path of ['/api/v1/me', '/api/v1/nothing', '/', '/nothing']) {
      const { headers } = await api.request(path, {
        token: tokens.owner,
        headers: { 'x-request-id': 'forged', origin: 'https://evil.test' },
      });
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('etag')).toBeNull();
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      if (path.startsWith('/api/')) expect(headers.get('cache-control')).toBe('no-store');
    }
  });
});
