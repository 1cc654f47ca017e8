import { sign, verify } from 'node:crypto';
import type { SigningKey, SigningKeys } from './signing-keys.ts';

export type Claims = Readonly<Record<string, unknown>>;

const algorithm = 'RSA-SHA256';

/** Signs a token; `header` extends or overrides the usual header. */
export function signToken(claims: Claims, key: SigningKey, header: Claims = {}): string {
  const fullHeader = { typ: 'JWT', alg: 'RS256', kid: key.keyId, ...header };
  const signed = `${encode(fullHeader)}.${encode(claims)}`;
  return `${signed}.${sign(algorithm, Buffer.from(signed), key.privateKey).toString('base64url')}`;
}

/** Returns the claims of a token if these keys signed it and it is valid now, else null. */
export function verifiedClaims(token: string, keys: SigningKeys, nowMs: number): Claims | null {
  const [header, payload, signature, ...rest] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined) return null;
  const head = decode(header);
  const claims = decode(payload);
  if (rest.length > 0 || head === null || claims === null || head['alg'] !== 'RS256') return null;
  const key = keys.find(String(head['kid']));
  if (key === undefined) return null;
  const signed = Buffer.from(`${header}.${payload}`);
  if (!verify(algorithm, signed, key.publicKey, Buffer.from(signature, 'base64url'))) return null;
  return isCurrent(claims, nowMs) ? claims : null;
}

/** Returns a string claim, or an empty string. */
export function claim(claims: Claims, name: string): string {
  const value = claims[name];
  return typeof value === 'string' ? value : '';
}

/** True between the token's `nbf` (with 300 s of clock skew) and its `exp` (without any). */
export function isCurrent(claims: Claims, nowMs: number): boolean {
  const skewSeconds = 300;
  const nowSeconds = nowMs / 1000;
  const { exp, nbf } = claims;
  if (typeof exp !== 'number' || exp <= nowSeconds) return false;
  return typeof nbf !== 'number' || nbf <= nowSeconds + skewSeconds;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(part: string): Claims | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isClaims(value) ? value : null;
  } catch {
    return null;
  }
}

function isClaims(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
