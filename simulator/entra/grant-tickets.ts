import { randomUUID } from 'node:crypto';
import type { TokenSubject } from './claims.ts';
import type { Claims } from './jwt.ts';
import { claim, signToken, verifiedClaims } from './jwt.ts';
import type { SigningKeys } from './signing-keys.ts';

/** Entra's refresh tokens live for 90 days, its authorization codes for about ten minutes. */
const refreshLifetimeSeconds = 90 * 24 * 3600;
const codeLifetimeSeconds = 600;

const refreshAudience = 'simulator:refresh';
const codeAudience = 'simulator:code';
/** Entra's codes and refresh tokens are opaque; the prefix keeps clients from reading ours as a JWT. */
const prefix = '1.';

/** A refresh token. It carries its own state, so that it survives a restart. */
export function refreshToken(keys: SigningKeys, subject: TokenSubject, userId: string): string {
  return ticket(keys, refreshLifetimeSeconds, {
    aud: refreshAudience,
    tid: subject.tenant.tenantId,
    oid: userId,
    client: subject.clientId,
  });
}

/** An authorization code that holds what the redeeming request must agree with. */
export function authorizationCode(keys: SigningKeys, claims: Claims): string {
  return ticket(keys, codeLifetimeSeconds, { ...claims, aud: codeAudience, jti: randomUUID() });
}

/** What a refresh token says, or null if it is none of ours or has expired. */
export function readRefreshToken(keys: SigningKeys, text: string): Claims | null {
  return readTicket(keys, text, refreshAudience);
}

/** What an authorization code says, or null if it is none of ours or has expired. */
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
