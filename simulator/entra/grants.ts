import { createHash } from 'node:crypto';
import type { Client } from './client.ts';
import { requireProof } from './client.ts';
import { readAuthorizationCode, readRefreshToken } from './grant-tickets.ts';
import type { Claims } from './jwt.ts';
import { claim, verifiedClaims } from './jwt.ts';
import { EntraProblem } from './problem.ts';
import type { RequestedScopes } from './resource.ts';
import { readScopes } from './resource.ts';
import { appTokenAnswer, userTokenAnswer } from './token-answer.ts';
import type { TokenRequest } from './token-request.ts';
import { requiredField, signedIn, subjectOf } from './token-request.ts';

/** The application of a password grant without a client. */
const publicClient: Client = { id: '7ab4d2c6-35c1-4f0a-9f57-0c5e1e6a0001', proof: 'none' };

type Grant = (request: TokenRequest) => Record<string, unknown>;

/** The grants of the token endpoint by `grant_type`. Each throws EntraProblem to refuse a request. */
export const grants: ReadonlyMap<string, Grant> = new Map<string, Grant>([
  ['client_credentials', clientCredentials],
  ['password', password],
  ['authorization_code', authorizationCode],
  ['refresh_token', refresh],
  ['urn:ietf:params:oauth:grant-type:jwt-bearer', onBehalfOf],
]);

function clientCredentials(request: TokenRequest): Record<string, unknown> {
  requireProof(request.client);
  const scopes = scopesOf(request);
  if (request.tenant === null) {
    throw new EntraProblem(
      400,
      'invalid_request',
      53003,
      "The '/common' and '/organizations' endpoints cannot be used for client credentials; use a tenant's own.",
    );
  }
  if (scopes.names.some((name) => name !== '.default')) {
    throw new EntraProblem(
      400,
      'invalid_scope',
      1002012,
      'The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).',
    );
  }
  return appTokenAnswer(request.entra.keys, subjectOf(request, request.tenant, scopes));
}

function password(request: TokenRequest): Record<string, unknown> {
  const name = requiredField(request.form, 'username');
  const given = requiredField(request.form, 'password');
  const found = request.entra.store.userByName(request.tenant?.tenantId ?? null, name);
  if (found === undefined) {
    throw new EntraProblem(
      400,
      'invalid_grant',
      50034,
      `The user account ${name} does not exist in the ${request.tenant?.tenantId ?? 'organizations'} directory.`,
    );
  }
  if (found.user.password !== given) {
    throw new EntraProblem(
      400,
      'invalid_grant',
      50126,
      'Error validating credentials due to invalid username or password.',
    );
  }
  // Scripts request a user's token without a client; Entra would insist on one.
  const client = request.client.id === '' ? publicClient : request.client;
  const asked = { ...request, client };
  return userAnswer(asked, found.tenant.tenantId, found.user.id, scopesOf(request));
}

function authorizationCode(request: TokenRequest): Record<string, unknown> {
  const { entra, form } = request;
  const code = readAuthorizationCode(entra.keys, requiredField(form, 'code'));
  if (code === null) throw invalidGrant(70000, 'Provided authorization code is invalid.');
  if (entra.redeemedCodes.has(claim(code, 'jti'))) {
    throw invalidGrant(54005, 'OAuth2 Authorization code was already redeemed.');
  }
  if (claim(code, 'client') !== request.client.id) {
    throw invalidGrant(70000, 'The code was issued to another application.');
  }
  if (claim(code, 'redirectUri') !== (form.get('redirect_uri') ?? '')) {
    throw invalidGrant(
      500112,
      'The reply address does not match the reply address provided when requesting the authorization code.',
    );
  }
  checkProofKey(code, form.get('code_verifier') ?? '');
  entra.redeemedCodes.add(claim(code, 'jti'));
  const scopes = readScopes(claim(code, 'scope'), request.baseUrl);
  const nonce = claim(code, 'nonce');
  return userAnswer(
    request,
    claim(code, 'tid'),
    claim(code, 'oid'),
    scopes,
    nonce === '' ? null : nonce,
  );
}

function checkProofKey(code: Claims, verifier: string): void {
  const challenge = claim(code, 'challenge');
  if (challenge === '') return;
  const given =
    claim(code, 'challengeMethod') === 'plain'
      ? verifier
      : createHash('sha256').update(verifier).digest('base64url');
  if (given !== challenge) {
    throw invalidGrant(
      501481,
      'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
    );
  }
}

function refresh(request: TokenRequest): Record<string, unknown> {
  const ticket = readRefreshToken(request.entra.keys, requiredField(request.form, 'refresh_token'));
  if (ticket === null || claim(ticket, 'client') !== request.client.id) {
    throw invalidGrant(70000, 'The provided refresh token is invalid or has expired.');
  }
  const scopes = { ...scopesOf(request), offline: true };
  return userAnswer(request, claim(ticket, 'tid'), claim(ticket, 'oid'), scopes);
}

function onBehalfOf(request: TokenRequest): Record<string, unknown> {
  requireProof(request.client);
  const assertion = requiredField(request.form, 'assertion');
  if (request.form.get('requested_token_use') !== 'on_behalf_of') {
    throw new EntraProblem(
      400,
      'invalid_request',
      900144,
      "The request body must contain the following parameter: 'requested_token_use'.",
    );
  }
  const claims = verifiedClaims(assertion, request.entra.keys, Date.now());
  if (claims === null) throw invalidGrant(50013, 'Assertion failed signature validation.');
  if (claim(claims, 'scp') === '') {
    throw invalidGrant(
      7000114,
      `Application '${request.client.id}' is not allowed to make application on-behalf-of calls.`,
    );
  }
  return userAnswer(request, claim(claims, 'tid'), claim(claims, 'oid'), scopesOf(request));
}

function userAnswer(
  request: TokenRequest,
  tenantId: string,
  userId: string,
  scopes: RequestedScopes,
  nonce: string | null = null,
): Record<string, unknown> {
  const { entra } = request;
  const tenant = entra.store.tenant(tenantId);
  const user = tenant?.users.find(({ id }) => id === userId);
  if (tenant === undefined || user === undefined) {
    throw invalidGrant(50034, 'The user account does not exist in the directory.');
  }
  const subject = subjectOf(request, tenant, scopes);
  return userTokenAnswer(entra.keys, subject, signedIn(entra, tenant, user), scopes, nonce);
}

function scopesOf(request: TokenRequest): RequestedScopes {
  return readScopes(request.form.get('scope') ?? '', request.baseUrl);
}

function invalidGrant(code: number, message: string): EntraProblem {
  return new EntraProblem(400, 'invalid_grant', code, message);
}
