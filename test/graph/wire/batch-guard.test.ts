import { describe, expect, it } from '@jest/globals';
import { Client, type Context, type Middleware } from '@microsoft/microsoft-graph-client';
import { trustedBase } from '#graph/port/trusted-url.ts';
import { isReadOnlyEnvelope } from '#graph/wire/batch-guard.ts';
import { CallState } from '#graph/wire/call-state.ts';
import { ExactCall } from '#graph/wire/middleware.ts';
import { ReadGuard } from '#graph/wire/read-guard.ts';
import { rejection } from '#test/graph/support/fake-graph.ts';

const base = trustedBase('https://graph.microsoft.com', 'beta');
const root = 'https://graph.microsoft.com/beta';
const read = { id: '1', method: 'GET', url: '/deviceManagement/roleScopeTags', headers: {} };

function envelope(...members: unknown[]): string {
  return JSON.stringify({ requests: members });
}

describe('the guard under every reader', () => {
  it('the guard lets a batch of GETs pass', () => {
    const twenty = Array.from({ length: 20 }, (_, n) => ({ ...read, id: String(n) }));
    expect(isReadOnlyEnvelope(base, envelope(...twenty))).toBe(true);
    const url = "/groups('a')/members?$filter=name eq 'x'".replaceAll(' ', '%20');
    expect(isReadOnlyEnvelope(base, envelope({ ...read, url }))).toBe(true);
  });

  // Each line catches the removal of one check.
  it.each([
    ['a POST', envelope({ ...read, method: 'POST' })],
    ['a PATCH behind a GET', envelope(read, { ...read, id: '2', method: 'PATCH' })],
    ['a method in lower case', envelope({ ...read, method: 'delete' })],
    ['no method', envelope({ id: '1', url: read.url, headers: {} })],
    ['a body', envelope({ ...read, body: { displayName: 'x' } })],
    ['dependsOn', envelope({ ...read, dependsOn: ['2'] })],
    [
      'another method in a header',
      envelope({ ...read, headers: { 'X-HTTP-Method-Override': 'DELETE' } }),
    ],
    ['an absolute URL', envelope({ ...read, url: `${root}/deviceManagement` })],
    ['a URL of another host', envelope({ ...read, url: '//evil.test/beta/x' })],
    ['a URL without its slash', envelope({ ...read, url: 'deviceManagement' })],
    ['a climbing URL', envelope({ ...read, url: '/../v1.0/users' })],
    ['a URL that climbs and comes back', envelope({ ...read, url: '/a/../b' })],
    ['a URL that climbs in disguise', envelope({ ...read, url: '/a/%2E%2e/%2e./v1.0/users' })],
    ['a URL with a backslash', envelope({ ...read, url: '/\\evil.test/x' })],
    ['a URL with a blank', envelope({ ...read, url: '/a b' })],
    ['a URL that is none', envelope({ ...read, url: { toString: '/x' } })],
    ['a batch in the batch', envelope({ ...read, url: '/$batch' })],
    ['two members of one id', envelope(read, read)],
    ['an id that is no text', envelope({ ...read, id: 1 })],
    ['a member that is none', envelope(read, null)],
    ['no members', envelope()],
    [
      'too many members',
      envelope(...Array.from({ length: 21 }, (_, n) => ({ ...read, id: `${n}` }))),
    ],
    ['something beside the members', JSON.stringify({ requests: [read], more: [] })],
    ['members that are no list', JSON.stringify({ requests: { 0: read } })],
    // Parsers disagree on the value of a duplicate key.
    [
      'a key that comes twice',
      envelope(read).replace('"method":"GET"', '"method":"DELETE","method":"GET"'),
    ],
    [
      'a list that comes twice',
      `{"requests":[{"id":"1","method":"PUT"}],"requests":[${JSON.stringify(read)}]}`,
    ],
    ['blanks around it', ` ${envelope(read)}`],
    ['no JSON', '{"requests":'],
  ])('the guard blocks a batch with %s', (_, text) => {
    expect(isReadOnlyEnvelope(base, text)).toBe(false);
  });

  /** Sends a call through the guard; true if it passes. */
  async function pass(url: string, options: NonNullable<Context['options']>): Promise<boolean> {
    let passed = false;
    let next: Middleware | undefined;
    const asking: Middleware = {
      setNext: (following) => {
        next = following;
      },
      execute: async (context) => {
        context.options = options;
        await next?.execute(context);
      },
    };
    const wire: Middleware = {
      execute: async (context) => {
        passed = true;
        context.response = new Response('{}');
      },
    };
    const middleware = [new ExactCall(), asking, new ReadGuard(base), wire];
    const state = new CallState(url, AbortSignal.timeout(1_000));
    const request = Client.initWithMiddleware({ middleware }).api('/').middlewareOptions([state]);
    const failed = await request.get().then(
      () => false,
      () => true,
    );
    expect(failed).toBe(!passed);
    if (failed) throw state.failure;
    return passed;
  }

  it.each([
    ['a GET', `${root}/x`, { method: 'GET' }, true],
    ['a batch of reads', `${root}/$batch`, { method: 'POST', body: envelope(read) }, true],
    ['a POST elsewhere', `${root}/x`, { method: 'POST', body: envelope(read) }, false],
    [
      'a batch in a longer path',
      `${root}/$batch/x`,
      { method: 'POST', body: envelope(read) },
      false,
    ],
    ['a batch with a query', `${root}/$batch?x`, { method: 'POST', body: envelope(read) }, false],
    [
      'a batch of writes',
      `${root}/$batch`,
      { method: 'POST', body: envelope({ ...read, method: 'PUT' }) },
      false,
    ],
    ['a batch in bytes', `${root}/$batch`, { method: 'POST', body: new Uint8Array() }, false],
    ['a batch without a body', `${root}/$batch`, { method: 'POST' }, false],
    ['a batch by PUT', `${root}/$batch`, { method: 'PUT', body: envelope(read) }, false],
    ['a GET with a body', `${root}/x`, { method: 'GET', body: '{}' }, false],
    [
      'a GET in a header',
      `${root}/x`,
      { method: 'GET', headers: { 'x-http-method': 'DELETE' } },
      false,
    ],
    ['no method', `${root}/x`, {}, false],
    ...['PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'get'].map(
      (method) => [method, `${root}/x`, { method }, false] as const,
    ),
  ])('the guard passes reads and blocks writes: %s', async (_, url, options, passes) => {
    const outcome = pass(url, options);
    if (passes) expect(await outcome).toBe(true);
    else expect(await rejection(outcome)).toMatchObject({ code: 'write_blocked' });
  });

  it('the guard blocks a batch to another host or version', async () => {
    const options = { method: 'POST', body: envelope(read) };
    for (const url of [
      'https://evil.test/beta/$batch',
      'https://graph.microsoft.com/v1.0/$batch',
    ]) {
      const error = await rejection(pass(url, options));
      expect(error).toMatchObject({ kind: 'untrusted_link' });
    }
  });
});
