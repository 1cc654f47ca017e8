import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import type { TestClient } from './client.ts';
import { postForm, send, startTestClient } from './client.ts';

let client: TestClient;
let authority: string;
let named: TestClient | undefined;

beforeAll(async () => {
  client = await startTestClient();
  authority = `${client.url}/${client.tenantId}`;
});

afterAll(async () => {
  await client.simulator.close();
  await named?.simulator.close();
});

function signIn(username: string, password: string) {
  return postForm(`${authority}/oauth2/v2.0/token`, {
    grant_type: 'password',
    username,
    password,
    scope: 'api://tenantry/.default',
  });
}

function keySet() {
  return createRemoteJWKSet(new URL(`${authority}/discovery/v2.0/keys`));
}

describe("the simulator's tokens for the product", () => {
  // Catches: a token with an issuer, audience, roles or groups the API does not expect.
  it("a user token has the claims of Entra's version 2.0", async () => {
    const ada = await signIn('ada@test.example', 'secret one');
    const { payload, protectedHeader } = await jwtVerify(
      String(ada.json['access_token']),
      keySet(),
      { issuer: `${authority}/v2.0`, audience: 'api://tenantry', algorithms: ['RS256'] },
    );
    expect(protectedHeader.typ).toBe('JWT');
    expect(payload).toMatchObject({
      tid: client.tenantId,
      scp: 'access_as_user',
      ver: '2.0',
      roles: ['Tenantry.Admin'],
      preferred_username: 'ada@test.example',
    });
    expect(payload['groups']).toBeUndefined();
    const bob = await signIn('bob@test.example', 'secret two');
    const bobs = await jwtVerify(String(bob.json['access_token']), keySet());
    expect(bobs.payload['groups']).toEqual(['22222222-0000-4000-8000-000000000001']);
    expect(bobs.payload['roles']).toBeUndefined();
  });

  // Catches: an unchecked password, and an error unlike Entra's.
  it("a wrong password or tenant is refused with Entra's error body", async () => {
    const wrong = await signIn('ada@test.example', 'wrong');
    expect(wrong.status).toBe(400);
    expect(wrong.json).toMatchObject({ error: 'invalid_grant', error_codes: [50126] });
    expect(String(wrong.json['error_description'])).toMatch(/^AADSTS50126: .*Trace ID/);
    const nowhere = await postForm(`${client.url}/nowhere.example/oauth2/v2.0/token`, {
      grant_type: 'client_credentials',
    });
    expect(nowhere.json).toMatchObject({ error: 'invalid_tenant' });
  });

  // Catches: valid tokens invalidated by a rotation, and a rotation without effect.
  it('a token stays valid after a key rotation', async () => {
    const before = await signIn('ada@test.example', 'secret one');
    await client.control('POST', 'keys/rotate');
    const after = await signIn('ada@test.example', 'secret one');
    const [first, second] = await Promise.all(
      [before, after].map((each) => jwtVerify(String(each.json['access_token']), keySet())),
    );
    expect(first?.protectedHeader.kid).not.toBe(second?.protectedHeader.kid);
  });

  // Catches: a code redeemed twice, or without its verifier.
  it('a code is redeemed once, and only with its verifier', async () => {
    const redirectUri = 'http://127.0.0.1:9/back';
    const query = new URLSearchParams({
      client_id: 'console',
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'openid profile offline_access api://tenantry/access_as_user',
      state: 'a state',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    });
    const address = `${authority}/oauth2/v2.0/authorize?${query.toString()}`;
    expect((await send(address)).text).toContain('<form method="post">');
    const back = await postForm(address, {
      username: 'bob@test.example',
      password: 'secret two',
    });
    const location = new URL(back.headers.get('location') ?? '');
    expect(location.searchParams.get('state')).toBe('a state');
    const redeem = (verifier: string) =>
      postForm(`${authority}/oauth2/v2.0/token`, {
        grant_type: 'authorization_code',
        client_id: 'console',
        code: location.searchParams.get('code') ?? '',
        redirect_uri: redirectUri,
        code_verifier: verifier,
      });
    const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
    expect((await redeem('another verifier')).json).toMatchObject({ error: 'invalid_grant' });
    expect((await redeem(verifier)).json).toMatchObject({ token_type: 'Bearer' });
    expect((await redeem(verifier)).json).toMatchObject({ error_codes: [54005] });
  });

  // Catches: a console waiting for ever in a hidden frame.
  it('a silent sign-in is refused with login_required', async () => {
    const query = new URLSearchParams({
      client_id: 'console',
      response_type: 'code',
      redirect_uri: 'http://127.0.0.1:9/back',
      scope: 'openid',
      prompt: 'none',
      state: 's',
    });
    const back = await send(`${authority}/oauth2/v2.0/authorize?${query.toString()}`);
    const location = new URL(back.headers.get('location') ?? '');
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      error: 'login_required',
      state: 's',
    });
  });

  // Catches: a token with an issuer the API does not know, since it uses another address.
  it('issuerUrl sets one issuer for all addresses', async () => {
    named = await startTestClient({ issuerUrl: 'http://simulator:3400' });
    const address = `${named.url}/${named.tenantId}`;
    const configuration = await send(`${address}/v2.0/.well-known/openid-configuration`);
    const issuer = `http://simulator:3400/${named.tenantId}/v2.0`;
    expect(configuration.json).toMatchObject({
      issuer,
      jwks_uri: `${address}/discovery/v2.0/keys`,
    });
    const answer = await postForm(`${address}/oauth2/v2.0/token`, {
      grant_type: 'password',
      username: 'ada@test.example',
      password: 'secret one',
      scope: 'api://tenantry/.default',
    });
    expect(decodeJwt(String(answer.json['access_token'])).iss).toBe(issuer);
  });

  // Catches: a cached token used after its end.
  it('an expired token is refused, even after earlier use', async () => {
    const claims = {
      aud: 'https://graph.microsoft.com',
      tid: client.tenantId,
      idtyp: 'app',
      roles: ['Group.Read.All'],
    };
    const exp = Math.floor(Date.now() / 1000) + 2;
    const made = await client.control('POST', 'tokens', { claims: { ...claims, exp } });
    const headers = { authorization: `Bearer ${String(made.json['token'])}` };
    expect((await client.graph('/groups', { headers })).status).toBe(200);
    await sleep(exp * 1000 - Date.now() + 50);
    expect((await client.graph('/groups', { headers })).status).toBe(401);
  });

  // Catches: bad tokens accepted.
  it('the control API issues good and bad tokens, and Graph refuses the bad ones', async () => {
    const claims = {
      aud: 'https://graph.microsoft.com',
      tid: client.tenantId,
      idtyp: 'app',
      roles: ['Group.Read.All'],
    };
    const exp = Math.floor(Date.now() / 1000) + 600;
    const statusOf = async (order: Record<string, unknown>) => {
      const made = await client.control('POST', 'tokens', order);
      const headers = { authorization: `Bearer ${String(made.json['token'])}` };
      return (await client.graph('/groups', { headers })).status;
    };
    expect(await statusOf({ claims: { ...claims, exp } })).toBe(200);
    expect(await statusOf({ claims: { ...claims, exp: 1000 } })).toBe(401);
    expect(await statusOf({ claims: { ...claims, exp, aud: 'api://tenantry' } })).toBe(401);
    expect(await statusOf({ claims: { ...claims, exp }, tamper: 'bad-signature' })).toBe(401);
    expect(await statusOf({ claims: { ...claims, exp }, tamper: 'strip-signature' })).toBe(401);
    expect(await statusOf({ claims: { ...claims, exp }, key: 'unknown' })).toBe(401);
    expect(await statusOf({ claims: { ...claims, exp }, header: { alg: 'none' } })).toBe(401);
  });
});
