import type { Claims } from '../entra/jwt.ts';
import { signToken } from '../entra/jwt.ts';
import type { SigningKeys } from '../entra/signing-keys.ts';
import { newSigningKey } from '../entra/signing-keys.ts';
import { stringOf, valueOf } from '../json/object.ts';
import { ControlProblem } from './control.ts';
import { bodyObject } from './read-body.ts';

/**
 * Issues a token with any claims and header, for tests of refused tokens.
 * @throws ControlProblem (400).
 */
export function issueToken(keys: SigningKeys, text: string): { token: string } {
  const body = bodyObject(text);
  const claims = valueOf(body, 'claims');
  if (!isClaims(claims)) throw new ControlProblem(400, 'claims must be an object');
  const header = valueOf(body, 'header');
  const key = stringOf(body, 'key') === 'unknown' ? newSigningKey() : keys.current();
  const token = signToken(claims, key, isClaims(header) ? header : {});
  return { token: tamper(token, stringOf(body, 'tamper')) };
}

function tamper(token: string, how: string | undefined): string {
  const [header = '', payload = '', signature = ''] = token.split('.');
  if (how === 'strip-signature') return `${header}.${payload}.`;
  if (how !== 'bad-signature') return token;
  const bytes = Buffer.from(signature, 'base64url');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return `${header}.${payload}.${bytes.toString('base64url')}`;
}

function isClaims(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
