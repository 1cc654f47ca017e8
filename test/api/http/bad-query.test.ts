import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  apiRoutes,
  fault,
  queryRoutes,
  routeOf,
  startTarget,
  type Target,
} from '#test/api/support/bad-input.ts';
import { goodBody } from '#test/api/support/operations.ts';
import { notAWord } from '#test/api/support/strings.ts';

let target: Target;

beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.api.stop());

const send: Target['send'] = (...request) => target.send(...request);

async function nothingWritten(): Promise<void> {
  const { now, before } = await target.rows();
  expect(now).toEqual(before);
}

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

  // Catches: a limit that reaches Postgres (2201W), and numbers in the syntax of Number.
  it('a query with a wrong limit is refused', async () => {
    for (const route of queryRoutes) {
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

  // Catches: an unchecked cursor bound to a uuid (22P02), or a cursor that works on another list.
  it('a query with a cursor of another list is refused', async () => {
    const other = routeOf('listPolicyTypes');
    const { nextCursor } = (await send(other, {}, '?limit=1')).json as { nextCursor: string };
    const made = [
      Buffer.from(target.tenant.runId).toString('base64url'),
      target.tenant.runId,
      'AAAA',
      nextCursor.slice(1),
      `${nextCursor}A`,
      `${nextCursor}=`,
    ];
    for (const route of queryRoutes) {
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

  // Catches: an unknown filter ignored in silence.
  it('a query with a wrong filter is refused with the name of the filter', async () => {
    for (const route of queryRoutes) {
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

  // Catches: two parsers that disagree on equal names, unknown parameters, and bytes outside of UTF-8.
  it('a query with repeated, unknown or badly encoded parameters is refused by every route', async () => {
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

  // Catches: a search text that breaks out of its statement, or a legal one refused.
  it('a query may search for every text that a name can contain', async () => {
    const route = routeOf('listPolicies');
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
      items: [{ id: target.tenant.policyId }],
    });
    expect((await send(route, {}, '?q=%25')).json).toMatchObject({ items: [] });
  });
});

describe('a path', () => {
  // Catches: an id that reaches Postgres as a uuid (22P02), and an undecodable path (URIError).
  it('a path with any text as an id is refused, never with a 5xx', async () => {
    const parameters = [
      '{tenantId}',
      '{policyId}',
      '{runId}',
      '{snapshotId}',
      '{backupSetId}',
      '{scheduleId}',
      '{driftScheduleId}',
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
          const path = target.pathOf({ ...route, path: route.path.replace(parameter, text) });
          const body = goodBody(route.operationId, target.tenant);
          const answer = await target.api.request(path, {
            method: route.method.toUpperCase(),
            token: target.tokens.owner,
            ...(body === undefined ? {} : { body }),
          });
          expect([
            route.operationId,
            parameter,
            text,
            // Two dots lead to another route, perhaps with other methods.
            [400, 403, 404, 405].includes(answer.status),
          ]).toEqual([route.operationId, parameter, text, true]);
        }
      }
    }
    await nothingWritten();
  });
});
