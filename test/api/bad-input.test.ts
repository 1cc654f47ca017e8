import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Route } from '../../src/api/route.ts';
import { routes } from '../../src/api/routes.ts';
import {
  type ApiAnswer,
  type ApiRequest,
  type ApiUnderTest,
  startApi,
} from './support/api-under-test.ts';
import { goodBody } from './support/operations.ts';
import { rowCounts } from './support/row-counts.ts';
import { notAString, notAWord } from './support/strings.ts';
import {
  addRoleHolders,
  buildTenant,
  mintPersonas,
  type Persona,
  principalOf,
  tenantA,
  type TenantWorld,
} from './support/world.ts';

let api: ApiUnderTest;
let tokens: Record<Persona, string>;
let a: TenantWorld;
let before: Record<string, string>;

beforeAll(async () => {
  api = await startApi();
  a = await buildTenant(api, tenantA);
  await addRoleHolders(api, tenantA);
  tokens = await mintPersonas(api);
  before = await rowCounts(api.database);
});
afterAll(() => api.stop());

/** What came of bad input that was not refused as it should be, or null. */
function fault(answer: ApiAnswer, path: string): string | null {
  if (answer.status < 400 || answer.status >= 500) return `status ${answer.status}`;
  if (!answer.headers.get('content-type')?.startsWith('application/problem+json'))
    return 'no problem document';
  if (/\bat \S+ \(|node_modules|\.ts:\d|select |insert into/i.test(answer.text))
    return 'shows its inside';
  const { code, errors = [] } = answer.json as { code: string; errors?: { path: string }[] };
  if (code !== 'invalid_request') return `code ${code}`;
  return errors.some((error) => error.path === path || error.path.startsWith(`${path}.`))
    ? null
    : `names ${JSON.stringify(errors)}`;
}

const apiRoutes = routes.filter(({ path }) => path.startsWith('/api/v1/'));
const withBody = apiRoutes.filter(({ method }) => method !== 'get');
const withQuery = apiRoutes.filter(({ query }) => Object.keys(query?.shape ?? {}).length > 0);

function pathOf(route: Route): string {
  return route.path
    .replace('{tenantId}', tenantA)
    .replace('{policyId}', a.policyId)
    .replace('{runId}', a.runId)
    .replace('{snapshotId}', a.snapshotId)
    .replace('{principalId}', principalOf('reader'));
}

function send(route: Route, request: ApiRequest, query = ''): Promise<ApiAnswer> {
  const token = route.access === 'platform_admin' ? tokens.admin : tokens.owner;
  return api.request(`${pathOf(route)}${query}`, {
    method: route.method.toUpperCase(),
    token,
    ...request,
  });
}

async function nothingWritten(): Promise<void> {
  expect(await rowCounts(api.database)).toEqual(before);
}

// A notification id belongs to whoever reads it; its route is in the access matrix.
const bodyRoutes = withBody.filter(({ operationId }) => operationId !== 'readNotification');

describe('a body', () => {
  const malformed: readonly [string, string | Uint8Array<ArrayBuffer>][] = [
    ['{', '{'],
    ['a space', ' '],
    ['null', 'null'],
    ['an array', '[]'],
    ['a string', '"x"'],
    ['a number', '1'],
    ['true', 'true'],
    ['a trailing comma', '{"a":1,}'],
    ['a comment', '{/* */}'],
    ['a byte order mark', '\ufeff{}'],
    ['single quotes', "{'a':1}"],
    ['NaN', '{"a":NaN}'],
    ['two documents', '{}{}'],
    ['a duplicate member', '{"role":"owner","role":"reader"}'],
    ['a duplicate member, escaped', '{"role":"owner","\\u0072ole":"reader"}'],
    ['arrays 10,000 deep', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['objects 9,000 deep', '{"a":'.repeat(9_000) + '1' + '}'.repeat(9_000)],
    ['5,000 members', `{${Array.from({ length: 5_000 }, (_, n) => `"k${n}":1`).join(',')}}`],
    ['UTF-16', new Uint8Array(Buffer.from('{"a":1}', 'utf16le'))],
    ['bytes that are no UTF-8', new Uint8Array([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d])],
    ['an overlong NUL', new Uint8Array([0x7b, 0x22, 0xc0, 0x80, 0x22, 0x3a, 0x31, 0x7d])],
  ];

  // Catches: a parser without bounds, a parser error that becomes a 500, and a value that is taken for an object.
  it.each(malformed)('that is %s is refused by every route', async (_name, raw) => {
    for (const route of bodyRoutes) {
      const answer = await send(route, { raw });
      expect([route.operationId, answer.status, fault(answer, 'body')]).toEqual([
        route.operationId,
        400,
        null,
      ]);
    }
    await nothingWritten();
  });

  // Catches: a schema that drops what it does not know, so that a client's mistake goes unseen, or worse, is used.
  it('with a member that the route does not know is refused, by its name', async () => {
    const strange = [
      'tenant_id',
      'status',
      'workflowId',
      'initiator',
      'createdBy',
      'row_id',
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'then',
      'toJSON',
      'id[]',
      '',
    ];
    for (const route of bodyRoutes) {
      const good = (goodBody(route.operationId) ?? {}) as Record<string, unknown>;
      for (const name of strange) {
        const raw = JSON.stringify(good).replace(
          /\}$/,
          `${Object.keys(good).length > 0 ? ',' : ''}${JSON.stringify(name)}:{"a":1}}`,
        );
        const answer = await send(route, { raw });
        expect([route.operationId, name, fault(answer, name === '' ? 'body' : name)]).toEqual([
          route.operationId,
          name,
          null,
        ]);
      }
    }
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
    await nothingWritten();
  });

  const words: readonly [string, string][] = [
    ['registerTenant', 'tenantId'],
    ['putMember', 'role'],
    ['putMember', 'kind'],
  ];

  // Catches: a pattern without its end, a comparison without its case, a string bound to a uuid parameter (22P02).
  it.each(words)('of %s with a wrong %s is refused', async (operationId, field) => {
    const route = routes.find((each) => each.operationId === operationId)!;
    for (const value of [...notAWord, ...notAString]) {
      const answer = await send(route, {
        body: { ...(goodBody(operationId) as object), [field]: value },
      });
      expect([value, fault(answer, field)]).toEqual([value, null]);
    }
    await nothingWritten();
  });

  const lists: readonly [string, string][] = [
    ['registerTenant', 'owners'],
    ['syncInventory', 'types'],
  ];

  // Catches: a list whose elements are not checked, or that may be empty or without end.
  it.each(lists)('of %s with wrong elements of %s is refused', async (operationId, field) => {
    const route = routes.find((each) => each.operationId === operationId)!;
    const body = (value: unknown) => ({ ...(goodBody(operationId) as object), [field]: value });
    for (const value of [...notAWord.filter((word) => word.length < 5_000), ...notAString]) {
      const answer = await send(route, { body: body([value]) });
      expect([value, fault(answer, `${field}.0`)]).toEqual([value, null]);
    }
    const good = operationId === 'registerTenant' ? principalOf('owner') : 'scopeTag';
    const wrong = [[], good, { 0: good }, null, 1, Array.from({ length: 500 }, () => good)];
    for (const value of wrong)
      expect([value, fault(await send(route, { body: body(value) }), field)]).toEqual([
        value,
        null,
      ]);
    await nothingWritten();
  });

  // Catches: a name that Postgres cannot hold (22021), that is empty to the eye or fills a screen.
  it('with a name that nobody could read is refused', async () => {
    const names = [
      '',
      ' ',
      '\t',
      '\ufeff',
      'x'.repeat(257),
      'a\u0000b',
      '\ud800',
      'a\udc00',
      'a\u0001b',
      'a\u001fb',
      'a\u007fb',
      'a\u2028b',
      'a\r\nSet-Cookie: b=c',
      'x'.repeat(60_000),
    ];
    for (const operationId of ['registerTenant', 'putMember']) {
      const route = routes.find((each) => each.operationId === operationId)!;
      for (const value of [...names, ...notAString]) {
        const answer = await send(route, {
          body: { ...(goodBody(operationId) as object), displayName: value },
        });
        expect([value, fault(answer, 'displayName')]).toEqual([value, null]);
      }
    }
    await nothingWritten();
  });

  // Catches: a body that is read to its end however long it is; a compressed one is a bomb that looks short.
  it('that is too large, compressed or not JSON by its type is refused with 413 or 415', async () => {
    const large = `{"a":"${'x'.repeat(70_000)}"}`;
    const types = [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/json; charset=utf-7',
      'application/json5',
      'text/json',
      '',
    ];
    for (const route of bodyRoutes) {
      const statuses = [
        (await send(route, { raw: large })).status,
        (await send(route, { raw: '{}', headers: { 'content-encoding': 'gzip' } })).status,
        (await send(route, { raw: '{}', headers: { 'content-encoding': 'identity' } })).status,
      ];
      for (const type of types)
        statuses.push((await send(route, { raw: '{}', headers: { 'content-type': type } })).status);
      expect([route.operationId, ...statuses]).toEqual([
        route.operationId,
        413,
        ...Array.from({ length: 8 }, () => 415),
      ]);
    }
    await nothingWritten();
  });
});

describe('a query', () => {
  const wrongLimits = [
    '',
    '0',
    '-1',
    '201',
    '1e2',
    '0x10',
    '1.0',
    '+1',
    ' 1',
    '1 ',
    '1e9',
    'ten',
    '٣',
    '007',
    '1,2',
    'null',
    '9007199254740993',
  ];

  // Catches: a limit that reaches Postgres (2201W), and Number's idea of what a number is.
  it('with a wrong limit is refused', async () => {
    for (const route of withQuery) {
      for (const limit of wrongLimits) {
        const answer = await send(route, {}, `?limit=${encodeURIComponent(limit)}`);
        expect([route.operationId, limit, fault(answer, 'limit')]).toEqual([
          route.operationId,
          limit,
          null,
        ]);
      }
    }
  });

  // Catches: a cursor that is bound to a uuid unseen (22P02), or that works on another list.
  it('with a cursor that was not given out by the list is refused', async () => {
    const other = withQuery.find(({ operationId }) => operationId === 'listPolicyTypes')!;
    const { nextCursor } = (await send(other, {}, '?limit=1')).json as { nextCursor: string };
    const made = [
      Buffer.from(a.runId).toString('base64url'),
      a.runId,
      'AAAA',
      nextCursor.slice(1),
      `${nextCursor}A`,
      `${nextCursor}=`,
    ];
    for (const route of withQuery) {
      const foreign = route === other ? [] : [nextCursor];
      for (const cursor of [
        ...notAWord.filter((word) => word.length < 2_000 && word.isWellFormed()),
        ...made,
        ...foreign,
      ]) {
        const answer = await send(route, {}, `?cursor=${encodeURIComponent(cursor)}`);
        expect([route.operationId, cursor, fault(answer, 'cursor')]).toEqual([
          route.operationId,
          cursor,
          null,
        ]);
      }
    }
  });

  // Catches: a filter that is ignored when it is not understood, so that a client sees what it did not ask for.
  it('with a wrong filter is refused, by its name', async () => {
    for (const route of withQuery) {
      for (const name of Object.keys(route.query?.shape ?? {}).filter(
        (each) => !['limit', 'cursor', 'q'].includes(each),
      )) {
        for (const value of notAWord.filter((word) => word.length < 2_000 && word.isWellFormed())) {
          const answer = await send(route, {}, `?${name}=${encodeURIComponent(value)}`);
          expect([route.operationId, name, value, fault(answer, name)]).toEqual([
            route.operationId,
            name,
            value,
            null,
          ]);
        }
      }
    }
  });

  // Catches: two parsers that choose differently between equal names, unknown parameters, and bytes that are no text.
  it('with doubled, unknown or badly encoded parameters is refused by every route', async () => {
    const queries: [string, string][] = [
      ['?limit=1&limit=2', 'limit'],
      ['?limit=1&%6cimit=1', 'limit'],
      ['?nothing=1', 'nothing'],
      ['?limit[]=1', 'limit[]'],
      ['?a[b]=1', 'a[b]'],
      ['?__proto__[x]=1', '__proto__[x]'],
      ['?__proto__=1', '__proto__'],
      ['?constructor=1', 'constructor'],
      ['?limit=%zz', 'limit'],
      ['?%ff=1', 'query'],
      ['?cursor=%c0%80', 'cursor'],
      ['?x=%00', 'x'],
      [`?${Array.from({ length: 500 }, (_, n) => `a${n}=1`).join('&')}`, 'query'],
    ];
    for (const route of apiRoutes.filter(({ operationId }) => operationId !== 'readNotification')) {
      for (const [query, name] of queries) {
        const answer = await send(route, {}, query);
        expect([route.operationId, query, fault(answer, name)]).toEqual([
          route.operationId,
          query,
          null,
        ]);
      }
    }
    await nothingWritten();
  });

  // Catches: a search text that breaks out of its statement, or that is refused although it may be part of a name.
  it('may search for any text that a name can hold', async () => {
    const route = withQuery.find(({ operationId }) => operationId === 'listPolicies')!;
    for (const text of notAWord.filter(
      (word) =>
        word !== '' && word.length <= 256 && !word.includes('\u0000') && word.isWellFormed(),
    )) {
      const answer = await send(route, {}, `?q=${encodeURIComponent(text)}`);
      expect([text, answer.status]).toEqual([text, 200]);
    }
    for (const text of ['', 'x'.repeat(257), 'a\u0000b']) {
      expect(fault(await send(route, {}, `?q=${encodeURIComponent(text)}`), 'q')).toBeNull();
    }
    expect((await send(route, {}, '?q=DISK+ENC')).json).toMatchObject({
      items: [{ id: a.policyId }],
    });
    expect((await send(route, {}, '?q=%25')).json).toMatchObject({ items: [] });
  });
});

describe('a path', () => {
  // Catches: an id that reaches Postgres as a uuid (22P02), and a path that cannot be decoded (URIError).
  it('with any text for an id is refused, never with a 5xx', async () => {
    const parameters = [
      '{tenantId}',
      '{policyId}',
      '{runId}',
      '{snapshotId}',
      '{principalId}',
      '{notificationId}',
    ];
    const texts = [
      ...notAWord
        .filter((word) => word !== '' && word.length < 2_000 && word.isWellFormed())
        .map(encodeURIComponent),
      '%',
      '%zz',
      '%ff',
      '%c0%80',
      '%2e%2e',
      '%2f',
      ';',
      'a%0ab',
      '%252e',
    ];
    for (const route of apiRoutes) {
      for (const parameter of parameters.filter((each) => route.path.includes(each))) {
        for (const text of texts) {
          const path = pathOf({ ...route, path: route.path.replace(parameter, text) });
          const body = goodBody(route.operationId);
          const answer = await api.request(path, {
            method: route.method.toUpperCase(),
            token: tokens.owner,
            ...(body === undefined ? {} : { body }),
          });
          expect([
            route.operationId,
            parameter,
            text,
            [400, 403, 404].includes(answer.status),
          ]).toEqual([route.operationId, parameter, text, true]);
        }
      }
    }
    await nothingWritten();
  });
});
