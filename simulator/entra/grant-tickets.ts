import { randomUUID } from 'node:crypto';
import type { TokenSubject } from './claims.ts';
import type { Claims } from './jwt.ts';
import { claim, signToken, verifiedClaims } from './jwt.ts';
import type { SigningKeys } from './signing-keys.ts';

/** As in Entra: 90 days for refresh tokens, about ten minutes for authorization codes. */
const refreshLifetimeSeconds = 90 * 24 * 3600;
const codeLifetimeSeconds = 600;

const refreshAudience = 'simulator:refresh';
const codeAudience = 'simulator:code';
/** Entra's codes and refresh tokens are opaque; this prefix keeps clients from parsing ours as a JWT. */
const prefix = '1.';

/** Issues a refresh token. It contains its state, so it survives a restart. */
export function refreshToken(keys: SigningKeys, subject: TokenSubject, userId: string): string {
  return ticket(keys, refreshLifetimeSeconds, {
    aud: refreshAudience,
    tid: subject.tenant.tenantId,
    oid: userId,
    client: subject.clientId,
  });
}

/** Issues an authorization code with the facts to check at redemption. */
export function authorizationCode(keys: SigningKeys, claims: Claims): string {
  return ticket(keys, codeLifetimeSeconds, { ...claims, aud: codeAudience, jti: randomUUID() });
}

/** Returns the claims of a refresh token; null if it is foreign or expired. */
export function readRefreshToken(keys: SigningKeys, text: string): Claims | null {
  return readTicket(keys, text, refreshAudience);
}

/** Returns the claims of an authorization code; null if it is foreign or expired. */
export function readAuthorizationCode(keys: SigningKeys, text: string): Claims | null {
  return readTicket(keys, text, codeAudience);
}

function ticket(keys: SigningKeys, lifetimeSeconds: number, claims: Claims): string {
  const now = Math.floor(Date.now() / 1000);
  return prefix + signToken({ ...claims, iat: now, exp: now + lifetimeSeconds }, keys.current());
}

function readTicket(keys: SigningKeys, text: string, audience: string): Claims | null {
  if (!text.startsWith(prefix)) return null;
  const claims = verifiedClaims(text.slice(prefix.length), keys, Date.now());
  return claims !== null && claim(claims, 'aud') === audience ? claims : null;
}
