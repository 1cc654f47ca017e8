import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import { ConfidentialClientApplication, CryptoProvider } from '@azure/msal-node';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestClient } from './client.ts';
import { postForm, startTestClient } from './client.ts';

let client: TestClient;

beforeAll(async () => {
  client = await startTestClient({ clientId: 'the-app', clientSecret: 'the-secret' });
});

afterAll(() => client.simulator.close());

/** MSAL accepts only https authorities and issuers; this replaces the TLS proxy in front of a browser's simulator. */
const overHttp: INetworkModule = {
  sendGetRequestAsync: (url, options) => request('GET', url, options),
  sendPostRequestAsync: (url, options) => request('POST', url, options),
};

async function request<T>(
  method: string,
  url: string,
  options?: NetworkRequestOptions,
): Promise<NetworkResponse<T>> {
  const response = await fetch(url.replace(/^https:/, 'http:'), {
    method,
    headers: { ...options?.headers, 'x-forwarded-proto': 'https' },
    ...(options?.body === undefined ? {} : { body: options.body }),
  });
  return {
    headers: Object.fromEntries(response.headers),
    status: response.status,
    body: (await response.json()) as T,
  };
}

function application(secret = 'the-secret'): ConfidentialClientApplication {
  const host = new URL(client.url).host;
  return new ConfidentialClientApplication({
    auth: {
      clientId: 'the-app',
      clientSecret: secret,
      authority: `https://${host}/${client.tenantId}`,
      knownAuthorities: [host],
    },
    system: { networkClient: overHttp },
  });
}

const graphScopes = ['https://graph.microsoft.com/.default'];

describe('MSAL Node against the simulated Entra', () => {
  // Catches: discovery without endpoints MSAL needs, and a token answer it cannot cache.
  it('MSAL gets an app-only token accepted by Graph', async () => {
    const result = await application().acquireTokenByClientCredential({ scopes: graphScopes });
    const headers = { authorization: `Bearer ${result?.accessToken}` };
    expect((await client.graph('/groups', { headers })).status).toBe(200);
  });

  // Catches: an unchecked secret.
  it('MSAL with a wrong secret fails with AADSTS7000215', async () => {
    const attempt = application('wrong').acquireTokenByClientCredential({ scopes: graphScopes });
    await expect(attempt).rejects.toThrow(/AADSTS7000215/);
  });

  // Catches: codes without PKCE or nonce, id tokens for another client, and refresh tokens without effect.
  it('MSAL signs a user in by code and refreshes silently', async () => {
    const app = application();
    const { challenge, verifier } = await new CryptoProvider().generatePkceCodes();
    const redirectUri = 'http://127.0.0.1:9/signed-in';
    const scopes = ['api://tenantry/.default'];
    const url = await app.getAuthCodeUrl({
      scopes,
      redirectUri,
      codeChallenge: challenge,
      codeChallengeMethod: 'S256',
      nonce: 'n-1',
    });
    const signedIn = await postForm(url.replace(/^https:/, 'http:'), {
      username: 'ada@test.example',
      password: 'secret one',
    });
    const code = new URL(signedIn.headers.get('location') ?? '').searchParams.get('code') ?? '';
    const first = await app.acquireTokenByCode({
      code,
      scopes,
      redirectUri,
      codeVerifier: verifier,
      nonce: 'n-1',
    });
    expect(first.account?.username).toBe('ada@test.example');
    expect(first.idTokenClaims).toMatchObject({ nonce: 'n-1', tid: client.tenantId });
    if (first.account === null) throw new Error('no account');
    const again = await app.acquireTokenSilent({
      account: first.account,
      scopes,
      forceRefresh: true,
    });
    expect(again.accessToken).not.toBe(first.accessToken);
  });

  // Catches: an on-behalf-of grant with app-only tokens, or with any assertion.
  it('MSAL exchanges a user token for a Graph token on behalf of the user', async () => {
    const signedIn = await postForm(`${client.url}/${client.tenantId}/oauth2/v2.0/token`, {
      grant_type: 'password',
      username: 'bob@test.example',
      password: 'secret two',
      scope: 'api://tenantry/.default',
    });
    const app = application();
    const result = await app.acquireTokenOnBehalfOf({
      oboAssertion: String(signedIn.json['access_token']),
      scopes: ['https://graph.microsoft.com/Group.Read.All'],
    });
    const headers = { authorization: `Bearer ${result?.accessToken}` };
    const me = await client.graph('/me', { headers });
    expect(me.json).toMatchObject({ displayName: 'Bob Smith' });
    const forged = app.acquireTokenOnBehalfOf({ oboAssertion: 'a.b.c', scopes: graphScopes });
    await expect(forged).rejects.toThrow(/AADSTS50013/);
  });
});
