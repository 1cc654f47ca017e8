import type { Exchange } from '../http/exchange.ts';
import { headerOf } from '../http/exchange.ts';
import { sendEmpty, sendJson } from '../http/send.ts';
import type { Entra } from './entra.ts';
import { claim, verifiedClaims } from './jwt.ts';

/** The user info endpoint is outside of any tenant. */
export const userInfoPath = '/oidc/userinfo';

/** Answers with the user of a token; 401 for any other token. */
export function answerUserInfo(entra: Entra, exchange: Exchange): void {
  const authorization = headerOf(exchange.request, 'authorization') ?? '';
  const token = authorization.replace(/^bearer\s+/i, '');
  const claims = verifiedClaims(token, entra.keys, Date.now());
  const user = entra.store
    .tenant(claims === null ? '' : claim(claims, 'tid'))
    ?.users.find(({ id }) => claims !== null && id === claim(claims, 'oid'));
  if (claims === null || user === undefined) {
    sendEmpty(exchange.response, 401, { 'www-authenticate': 'Bearer error="invalid_token"' });
    return;
  }
  sendJson(
    exchange.response,
    200,
    { sub: claim(claims, 'sub'), name: user.displayName, email: user.userPrincipalName },
    { 'access-control-allow-origin': '*' },
  );
}
