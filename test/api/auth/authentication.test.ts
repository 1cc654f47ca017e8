import { createHmac } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '#test/api/support/api-under-test.ts';
import { type Claims, homeTenantId } from '#test/api/support/tokens.ts';
import {
  buildTenant,
  mintPersonas,
  strangerOid,
  tenantA,
  tenantNobody,
} from '#test/api/support/world.ts';

const oid = strangerOid;
const now = () => Math.floor(Date.now() / 1000);
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

let api: ApiUnderTest;

beforeAll(async () => {
  api = await startApi();
  await buildTenant(api, tenantA);
});
afterAll(() => api.stop());

/** Tokens with a good signature and one bad claim each. */
function badClaims(): Record<string, Claims> {
  const base = api.simulatorUrl;
  const iss = (path: string) => ({ iss: `${base}/${path}` });
  return {
    'audience of Graph': { aud: 'https://graph.microsoft.com' },
    'audience in other case': { aud: 'API://tenantry' },
    'audience with a slash': { aud: 'api://tenantry/' },
    'audience missing': { aud: undefined },
    'audience as a list': { aud: ['api://tenantry'] },
    'audience list with another': { aud: ['api://tenantry', 'api://other'] },
    'issuer of another tenant': iss(`${tenantA}/v2.0`),
    'issuer of v1': { iss: `https://sts.windows.net/${homeTenantId}/` },
    'issuer with a slash': iss(`${homeTenantId}/v2.0/`),
    'issuer common': iss('common/v2.0'),
    'issuer look-alike': { iss: `${base}.evil.test/${homeTenantId}/v2.0` },
    'issuer with another port': { iss: `http://127.0.0.1:1/${homeTenantId}/v2.0` },
    'issuer in upper case': { iss: `${base}/${homeTenantId}/v2.0`.toUpperCase() },
    'issuer missing': { iss: undefined },
    'tid of another registered tenant': { tid: tenantA, ...iss(`${homeTenantId}/v2.0`) },
    'tid missing': { tid: undefined },
    'tid as a list': { tid: [homeTenantId] },
    'tid as a number': { tid: 7 },
    'tid no GUID': { tid: 'home', ...iss('home/v2.0') },
    'tenant not registered': { tid: tenantNobody },
    'exp missing': { exp: undefined },
    'exp past': { exp: now() - 120 },
    'exp as text': { exp: String(now() + 600) },
    'exp as a fraction': { exp: now() + 600.5 },
    'exp for ever': { exp: 1e20 },
    'exp in years': { exp: now() + 86_400 * 365 },
    'exp negative': { exp: -1 },
    'nbf future': { nbf: now() + 600 },
    'nbf as text': { nbf: 'now' },
    'iat far future': { iat: now() + 86_400 },
    'an id token': { scp: undefined, nonce: 'n' },
    'scp empty': { scp: ' ' },
    'scp as a list': { scp: ['access_as_user'] },
    'app-only': { scp: undefined, idtyp: 'app', roles: ['Tenantry.Admin'] },
    'app-only with a scope': { idtyp: 'app' },
    'oid missing': { oid: undefined },
    'oid no GUID': { oid: 'me' },
    'oid with a line break': { oid: `${oid}\n` },
    'oid with a second principal': { oid: `${oid},${oid}` },
    'version 1': { ver: '1.0' },
    'version missing': { ver: undefined },
    'roles as text': { roles: 'Tenantry.Admin' },
    'roles as an object': { roles: { 0: 'Tenantry.Admin' } },
    'groups as text': { groups: oid },
    'groups of numbers': { groups: [1] },
  };
}

/** Tokens with good claims, a good signature and a forbidden header. */
const badHeaders: Record<string, Claims> = {
  crit: { crit: ['b64'], b64: true },
  jku: { jku: 'https://evil.test/keys' },
  x5u: { x5u: 'https://evil.test/cert' },
  x5c: { x5c: ['MIIB'] },
  jwk: { jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } },
  'kid unknown': { kid: 'nobody' },
  'kid a path': { kid: '../../keys' },
  'kid 4 kB': { kid: 'k'.repeat(4_096) },
  'kid a list': { kid: ['a'] },
  'kid null': { kid: null },
  'kid empty': { kid: '' },
  'alg RS384': { alg: 'RS384' },
  'alg PS256': { alg: 'PS256' },
  'alg ES256': { alg: 'ES256' },
};

/** Malformed tokens. */
async function malformed(): Promise<Record<string, string>> {
  const claims = api.mint.claims({ oid });
  const good = await api.mint.sign(claims);
  const [header = '', payload = '', signature = ''] = good.split('.');
  const kid = (JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string }).kid;
  const unsigned = (alg: string) => `${encode({ alg, typ: 'JWT', kid })}.${payload}.`;
  const keys = await (await fetch(`${api.simulatorUrl}/common/discovery/v2.0/keys`)).json();
  const [jwk] = (keys as { keys: { n: string }[] }).keys;
  const hmac = (secret: string) => {
    const text = `${encode({ alg: 'HS256', kid })}.${payload}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  };
  const other = api.mint.claims({ oid, tid: tenantA });
  return {
    'alg none': unsigned('none'),
    'alg None': unsigned('None'),
    'alg NONE with a signature': `${unsigned('NONE')}${signature}`,
    'HS256 with the modulus': hmac(jwk?.n ?? ''),
    'HS256 with the key as JSON': hmac(JSON.stringify(jwk)),
    'HS256 with an empty key': hmac(''),
    'a key that is not published': await api.mint.sign(claims, { key: 'unknown' }),
    'a changed signature': await api.mint.sign(claims, { tamper: 'bad-signature' }),
    'no signature': await api.mint.sign(claims, { tamper: 'strip-signature' }),
    'claims of another token': `${header}.${encode(other)}.${signature}`,
    'trailing bytes': `${good}AAAA`,
    'base64 padding': `${good}==`,
    'four parts': `${good}.${signature}`,
    'two parts': `${header}.${payload}`,
    'five parts, as an encrypted token': `${header}.${payload}.${signature}.${payload}.${signature}`,
    'claims no JSON': `${header}.${Buffer.from('x').toString('base64url')}.${signature}`,
    'claims an array': `${header}.${encode([1])}.${signature}`,
    'a word': 'token',
    'two tokens': `${good} ${good}`,
    'a token in quotes': `"${good}"`,
  };
}

/** The body of a problem without its request id. */
function sameBody(text: string): string {
  return text.replace(/"requestId":"[^"]+"/, '"requestId":""');
}

async function callWith(
  authorization: string,
): Promise<{ status: number; text: string; challenge: string | null }> {
  const answer = await api.request('/api/v1/me', { headers: { authorization } });
  return {
    status: answer.status,
    text: sameBody(answer.text),
    challenge: answer.headers.get('www-authenticate'),
  };
}

describe('a request', () => {
  // Catches, one mutation a token: any of the checks in access-token.ts or authentication.ts left out.
  it('a request with any of more than 60 bad tokens gets the same 401', async () => {
    const tokens = new Map<string, string>(Object.entries(await malformed()));
    for (const [name, changes] of Object.entries(badClaims())) {
      tokens.set(name, await api.mint.sign(api.mint.claims({ oid, ...changes })));
    }
    for (const [name, header] of Object.entries(badHeaders)) {
      tokens.set(name, await api.mint.sign(api.mint.claims({ oid }), { header }));
    }
    expect(tokens.size).toBeGreaterThan(60);
    const outcomes = new Map<string, string>();
    for (const [name, token] of tokens) {
      const { status, text, challenge } = await callWith(`Bearer ${token}`);
      outcomes.set(name, `${status} ${challenge} ${text}`);
    }
    const [first = ''] = outcomes.values();
    expect(first).toMatch(/^401 Bearer realm="tenantry", error="invalid_token"/);
    expect([...outcomes].filter(([, outcome]) => outcome !== first)).toEqual([]);
  });

  // Catches: an answer with the reason, or a confused scheme.
  it('a request without a bearer token gets 401', async () => {
    const missing = await api.request('/api/v1/me');
    expect(missing.status).toBe(401);
    expect(missing.headers.get('www-authenticate')).toBe('Bearer realm="tenantry"');
    const good = await api.mint.user(oid);
    for (const authorization of [
      'Bearer',
      'Bearer ',
      `Basic ${good}`,
      good,
      `Token ${good}`,
      `Bearer${good}`,
    ]) {
      expect((await callWith(authorization)).status).toBe(401);
    }
  });

  // Catches: the first of two Authorization headers accepted, and the second ignored.
  it('a request with two Authorization headers gets 401', async () => {
    const good = `Bearer ${await api.mint.user(oid)}`;
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sent = httpRequest(
        `${api.url}/api/v1/me`,
        { headers: ['host', '127.0.0.1', 'authorization', good, 'Authorization', good] },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      sent.on('error', reject).end();
    });
    expect(status).toBe(401);
  });

  // Catches: headers without a limit.
  it('a request with a token of 64 kB gets 401 or 431', async () => {
    const token = await api.mint.user(oid, { filler: 'x'.repeat(48 * 1024) });
    expect([401, 431]).toContain((await callWith(`Bearer ${token}`)).status);
  });

  // Catches: a check stricter than Entra.
  it('a request with any valid kind of token is accepted', async () => {
    const kinds: Claims[] = [
      {},
      { tid: tenantA },
      { roles: ['Other.Role'], groups: [strangerOid] },
      {
        hasgroups: true,
        _claim_names: { groups: 'src1' },
        name: undefined,
        preferred_username: 'a@b',
      },
      { name: undefined },
      { idtyp: 'user' },
      { exp: now() - 30, nbf: now() - 100 },
      { nbf: now() + 30, iat: now() + 30 },
      { oid: oid.toUpperCase(), extra: { deep: true } },
      { iat: undefined, nbf: undefined },
    ];
    for (const changes of kinds) {
      const token = await api.mint.user(oid, changes);
      expect([changes, (await callWith(`Bearer ${token}`)).status]).toEqual([changes, 200]);
    }
    expect((await callWith(`bearer ${await api.mint.user(oid)}`)).status).toBe(200);
  });
});

describe('the caller', () => {
  const me = async (changes: Claims) =>
    (await api.request('/api/v1/me', { token: await api.mint.user(oid, changes) })).json as {
      principalId: string;
      principalIds: string[];
      displayName: string;
      platformAdmin: boolean;
      tenants: { role: string }[];
    };

  // Catches: groups of one directory counted as another's, and ids compared in their case.
  it('the caller has the person and the groups of the token as principals of its directory', async () => {
    const group = 'ABCDEF00-0000-4000-8000-000000000001';
    const caller = await me({ tid: tenantA, groups: [group, 'not-an-id'] });
    expect(caller.principalId).toBe(`${tenantA}:${oid}`);
    expect(caller.principalIds).toEqual([`${tenantA}:${oid}`, `${tenantA}:${group.toLowerCase()}`]);
  });

  // Catches: the app role accepted from a customer's directory, whose administrators assign app roles themselves.
  it('the caller is a platform administrator only by the app role in the home tenant', async () => {
    expect((await me({ roles: ['Tenantry.Admin'] })).platformAdmin).toBe(true);
    expect((await me({ tid: tenantA, roles: ['Tenantry.Admin'] })).platformAdmin).toBe(false);
    for (const roles of [['Tenantry.Admin '], ['tenantry.admin'], ['Admin'], []]) {
      expect((await me({ roles })).platformAdmin).toBe(false);
    }
  });

  // Catches: a display name that breaks log lines or fills a row.
  it('the caller has a display name on one line, of bounded length', async () => {
    const caller = await me({ name: `A\r\nB\u0000\u202e${'x'.repeat(1_000)}` });
    expect(caller.displayName).toHaveLength(256);
    expect(caller.displayName.startsWith('ABxx')).toBe(true);
    expect((await me({ name: '', preferred_username: 'a@b.example' })).displayName).toBe(
      'a@b.example',
    );
  });

  // Catches: roles cached between requests.
  it('the caller loses the role of a removed membership at the next request', async () => {
    const personas = await mintPersonas(api);
    const { db } = api.database.owner;
    const principal = `${homeTenantId}:${oid}`;
    const row = {
      tenant_id: tenantA,
      principal_id: principal,
      row_id: tenantA,
      kind: 'user',
      display_name: null,
      role: 'reader',
    } as const;
    await db.insertInto('members').values(row).execute();
    const path = `/api/v1/tenants/${tenantA}/runs`;
    expect((await api.request(path, { token: personas.none })).status).toBe(200);
    await db.deleteFrom('members').where('principal_id', '=', principal).execute();
    expect((await api.request(path, { token: personas.none })).status).toBe(403);
  });
});

describe('a platform administrator', () => {
  // Catches: ignored API_ADMIN_SUBJECTS.
  it('a platform administrator can be named in the environment', async () => {
    const named = await startApi({
      env: { API_ADMIN_SUBJECTS: `${homeTenantId}:${oid.toUpperCase()}` },
    });
    try {
      const answer = await named.request('/api/v1/me', { token: await named.mint.user(oid) });
      expect(answer.json).toMatchObject({ platformAdmin: true });
    } finally {
      await named.stop();
    }
  });
});

describe('the sign-in keys', () => {
  // Catches: a 401 because the authority is unreachable.
  it('unreachable sign-in keys lead to 503, and malformed tokens still to 401', async () => {
    const lost = await startApi({ env: { ENTRA_AUTHORITY: 'http://127.0.0.1:9' } });
    try {
      const claims = lost.mint.claims({ oid, iss: `http://127.0.0.1:9/${homeTenantId}/v2.0` });
      const answer = await lost.request('/api/v1/me', { token: await lost.mint.sign(claims) });
      expect([answer.status, answer.json]).toEqual([
        503,
        expect.objectContaining({ code: 'unavailable' }),
      ]);
      expect(answer.headers.get('retry-after')).not.toBeNull();
      expect((await lost.request('/api/v1/me', { token: 'a.b.c' })).status).toBe(401);
    } finally {
      await lost.stop();
    }
  });
});
