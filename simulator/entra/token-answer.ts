import { appClaims, idClaims, tokenLifetimeSeconds, userClaims } from './claims.ts';
import type { SignedInUser, TokenSubject } from './claims.ts';
import type { SigningKeys } from './signing-keys.ts';
import { refreshToken } from './grant-tickets.ts';
import { signToken } from './jwt.ts';
import type { RequestedScopes } from './resource.ts';
import { graphDelegatedScopes } from './permissions.ts';
import { graphResource } from './resource.ts';

/** The token answer for an application in its own name. */
export function appTokenAnswer(keys: SigningKeys, subject: TokenSubject): Record<string, unknown> {
  return {
    token_type: 'Bearer',
    expires_in: tokenLifetimeSeconds,
    ext_expires_in: tokenLifetimeSeconds,
    access_token: signToken(appClaims(subject), keys.current()),
  };
}

/** The token answer for a user, with id and refresh token if the scopes request them. */
export function userTokenAnswer(
  keys: SigningKeys,
  subject: TokenSubject,
  user: SignedInUser,
  scopes: RequestedScopes,
  nonce: string | null = null,
): Record<string, unknown> {
  return {
    token_type: 'Bearer',
    scope: grantedScope(subject, scopes),
    expires_in: tokenLifetimeSeconds,
    ext_expires_in: tokenLifetimeSeconds,
    access_token: signToken(userClaims(subject, user), keys.current()),
    ...(scopes.offline ? { refresh_token: refreshToken(keys, subject, user.user.id) } : {}),
    ...(scopes.openId
      ? { id_token: signToken(idClaims(subject, user, nonce), keys.current()) }
      : {}),
    client_info: clientInfo(user.user.id, subject.tenant.tenantId),
  };
}

function grantedScope(subject: TokenSubject, scopes: RequestedScopes): string {
  const openId = [...(scopes.openId ? ['openid', 'profile'] : [])];
  const isDefault = scopes.names.length === 0 || scopes.names.includes('.default');
  const names = !isDefault
    ? scopes.names
    : subject.resource === graphResource
      ? graphDelegatedScopes
      : ['access_as_user', '.default'];
  return [...new Set([...openId, ...names.map((name) => `${subject.resource}/${name}`)])].join(' ');
}

/** The account's identity, the key of MSAL's token cache. */
function clientInfo(userId: string, tenantId: string): string {
  return Buffer.from(JSON.stringify({ uid: userId, utid: tenantId })).toString('base64url');
}
