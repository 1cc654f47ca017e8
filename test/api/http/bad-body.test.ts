import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bodyBytesMax } from '#api/http/json-input.ts';
import {
  bodyRoutes,
  fault,
  routeOf,
  startTarget,
  type Target,
} from '#test/api/support/bad-input.ts';
import { freshTenantId, goodBody } from '#test/api/support/operations.ts';
import { notAString, notAWord } from '#test/api/support/strings.ts';
import { principalOf } from '#test/api/support/world.ts';

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
    ['objects 65 deep', '{"a":'.repeat(65) + '1' + '}'.repeat(65)],
    ['arrays 10,000 deep', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['objects 9,000 deep', '{"a":'.repeat(9_000) + '1' + '}'.repeat(9_000)],
    ['5,000 members', `{${Array.from({ length: 5_000 }, (_, n) => `"k${n}":1`).join(',')}}`],
    ['UTF-16', new Uint8Array(Buffer.from('{"a":1}', 'utf16le'))],
    ['bytes that are no UTF-8', new Uint8Array([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d])],
    ['an overlong NUL', new Uint8Array([0x7b, 0x22, 0xc0, 0x80, 0x22, 0x3a, 0x31, 0x7d])],
  ];

  // Catches: a parser without bounds, a parser error that becomes a 500, and a value taken for an object.
  it.each(malformed)('a body that is %s is refused by every route', async (_name, raw) => {
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

  // Catches: a schema that drops or even uses unknown members.
  it('a body with an unknown member is refused with the name of the member', async () => {
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
      const good = (goodBody(route.operationId, target.tenant) ?? {}) as Record<string, unknown>;
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
    ['previewRestore', 'backupSetId'],
    ['previewRestore', 'sourceTenantId'],
    ['previewRestore', 'conditionalAccessState'],
    ['executeRestore', 'backupSetId'],
    ['executeRestore', 'sourceTenantId'],
    ['executeRestore', 'previewRunId'],
    ['executeRestore', 'conditionalAccessState'],
    ['checkDrift', 'backupSetId'],
    ['rerunRun', 'only'],
  ];

  // Catches: a pattern without an anchor, a case-sensitive comparison, a string bound to a uuid parameter (22P02).
  it.each(words)('a body of %s with a wrong %s is refused', async (operationId, field) => {
    const route = routeOf(operationId);
    for (const value of [...notAWord, ...notAString]) {
      const answer = await send(route, {
        body: { ...(goodBody(operationId, target.tenant) as object), [field]: value },
      });
      expect([value, fault(answer, field)]).toEqual([value, null]);
    }
    await nothingWritten();
  });

  const flags: readonly [string, string][] = [
    ['createBackupSet', 'all'],
    ['createBackupSet', 'includeFoundations'],
    ['createBackupSet', 'includeAssignments'],
    ['createBackupSet', 'full'],
    ['addPoliciesToBackupSet', 'includeFoundations'],
    ['previewRestore', 'allowBroadAssignments'],
    ['executeRestore', 'allowBroadAssignments'],
    ['undoRestore', 'deleteCreated'],
  ];

  // Catches: a flag tested for truthiness, so that "false" and 0 have an effect.
  it.each(flags)(
    'a body of %s with a value other than true or false for %s is refused',
    async (...of) => {
      const [operationId, field] = of;
      const noFlags = notAString.filter((value) => typeof value !== 'boolean');
      const falseToo = field === 'all' ? [false] : [];
      for (const value of [...notAWord, 'true', 'false', ...noFlags, ...falseToo]) {
        const good = goodBody(operationId, target.tenant) as object;
        const answer = await send(routeOf(operationId), { body: { ...good, [field]: value } });
        expect([value, fault(answer, field)]).toEqual([value, null]);
      }
      await nothingWritten();
    },
  );

  const lists: readonly [string, string, object, string][] = [
    ['registerTenant', 'owners', {}, principalOf('owner')],
    ['syncInventory', 'types', {}, 'scopeTag'],
    ['createBackupSet', 'types', { all: undefined }, 'scopeTag'],
    ['createBackupSet', 'policyIds', { all: undefined }, freshTenantId()],
    ['addPoliciesToBackupSet', 'policyIds', {}, freshTenantId()],
    ['previewRestore', 'itemIds', {}, freshTenantId()],
    ['executeRestore', 'itemIds', {}, freshTenantId()],
  ];

  // Catches: a list without a check of its elements, its minimum or its maximum.
  it.each(lists)('a body of %s with wrong elements of %s is refused', async (...of) => {
    const [operationId, field, change, good] = of;
    const tooMany = { policyIds: 1_001, itemIds: 5_001 }[field] ?? 500;
    const route = routeOf(operationId);
    const body = (value: unknown) => ({
      ...(goodBody(operationId, target.tenant) as object),
      ...change,
      [field]: value,
    });
    for (const value of [...notAWord.filter((word) => word.length < 5_000), ...notAString]) {
      const answer = await send(route, { body: body([value]) });
      expect([value, fault(answer, `${field}.0`)]).toEqual([value, null]);
    }
    const wrong = [[], good, { 0: good }, null, 1, Array.from({ length: tooMany }, () => good)];
    for (const value of wrong)
      expect([value, fault(await send(route, { body: body(value) }), field)]).toEqual([
        value,
        null,
      ]);
    await nothingWritten();
  });

  // Catches: a mapping with an unchecked side, or with names that a parser drops.
  it('a body with a malformed group mapping is refused', async () => {
    const group = freshTenantId();
    const path = (name: string) => `groupMapping.${name}`;
    for (const operationId of ['previewRestore', 'executeRestore']) {
      const good = goodBody(operationId, target.tenant) as object;
      const send = (groupMapping: unknown) =>
        target.send(routeOf(operationId), { body: { ...good, groupMapping } });
      for (const value of [...notAWord.filter((word) => word.length < 5_000), ...notAString]) {
        expect([value, fault(await send({ [group]: value }), path(group))]).toEqual([value, null]);
      }
      for (const word of notAWord.filter((text) => text !== '__proto__' && text.isWellFormed())) {
        expect([word, fault(await send({ [word]: group }), path(word))]).toEqual([word, null]);
      }
      for (const value of [group, [], [group], null, 1, true]) {
        expect([value, fault(await send(value), 'groupMapping')]).toEqual([value, null]);
      }
    }
    await nothingWritten();
  });

  // Catches: a name that Postgres cannot store (22021), an invisible one, and one that fills a screen.
  it('a body with an invisible, too long or unstorable name is refused', async () => {
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
    for (const [operationId, field] of [
      ['registerTenant', 'displayName'],
      ['putMember', 'displayName'],
      ['createBackupSet', 'name'],
    ] as const) {
      const route = routeOf(operationId);
      for (const value of [...names, ...notAString]) {
        const answer = await send(route, {
          body: { ...(goodBody(operationId, target.tenant) as object), [field]: value },
        });
        expect([value, fault(answer, field)]).toEqual([value, null]);
      }
    }
    await nothingWritten();
  });

  // Catches: a long body read to its end; a compressed body can be a bomb.
  it('a body that is too large, compressed or not JSON by its type gets 413 or 415', async () => {
    const types = [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/json; charset=utf-7',
      'application/json5',
      'text/json',
      '',
    ];
    for (const route of bodyRoutes) {
      const large = `{"a":"${'x'.repeat(route.bodyBytesMax ?? bodyBytesMax)}"}`;
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
