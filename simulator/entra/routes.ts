import type { Exchange } from '../http/exchange.ts';
import { sendEmpty, sendJson, sendText } from '../http/send.ts';
import { authorizePage, redirectSignedIn, redirectUnsigned } from './authorize.ts';
import { instanceDiscovery, openIdConfiguration } from './discovery.ts';
import type { Entra } from './entra.ts';
import { tenantOf } from './entra.ts';
import { EntraProblem, problemBody } from './problem.ts';
import { answerTokenRequest } from './token-endpoint.ts';

/** Entra accepts browsers of any origin; the console signs in from its own. */
const crossOriginHeaders = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': '*',
  'cache-control': 'no-store, no-cache',
};

/** Answers a request to the directory; false for a path of another service. */
export async function answerEntra(entra: Entra, exchange: Exchange): Promise<boolean> {
  const [, tenant = '', ...rest] = exchange.path.split('/');
  const endpoint = rest.join('/');
  if (exchange.method === 'OPTIONS') {
    sendEmpty(exchange.response, 204, crossOriginHeaders);
    return true;
  }
  try {
    return await answerEndpoint(entra, exchange, decodeURIComponent(tenant), endpoint);
  } catch (error) {
    if (error instanceof URIError) return false;
    if (!(error instanceof EntraProblem)) throw error;
    sendJson(exchange.response, error.status, problemBody(error), crossOriginHeaders);
    return true;
  }
}

async function answerEndpoint(
  entra: Entra,
  exchange: Exchange,
  tenant: string,
  endpoint: string,
): Promise<boolean> {
  const { baseUrl, response } = exchange;
  const authorityTenant = (): string => tenantOf(entra.store, tenant)?.tenantId ?? tenant;
  const send = (value: unknown): true => {
    sendJson(response, 200, value, crossOriginHeaders);
    return true;
  };
  switch (endpoint) {
    case 'v2.0/.well-known/openid-configuration':
      return send(openIdConfiguration(baseUrl, entra.issuerUrl ?? baseUrl, authorityTenant()));
    case 'discovery/v2.0/keys':
      return send(entra.keys.published(`${baseUrl}/${authorityTenant()}/v2.0`));
    case 'discovery/instance':
      return send(instanceDiscovery(baseUrl, tenant));
    case 'oauth2/v2.0/token':
      return send(await answerTokenRequest(entra, exchange, tenant));
    case 'oauth2/v2.0/authorize':
      return answerAuthorize(entra, exchange, tenant);
    case 'oauth2/v2.0/logout':
      return answerLogout(exchange);
    default:
      return false;
  }
}

async function answerAuthorize(entra: Entra, exchange: Exchange, tenant: string): Promise<true> {
  const parameters = new URLSearchParams(exchange.query);
  if (parameters.get('prompt') === 'none') {
    redirectUnsigned(exchange, parameters);
    return true;
  }
  if (exchange.method !== 'POST') {
    sendText(
      exchange.response,
      200,
      'text/html; charset=utf-8',
      authorizePage(entra, parameters, tenant, null),
    );
    return true;
  }
  const form = new URLSearchParams(Buffer.from(await exchange.body()).toString('utf8'));
  redirectSignedIn(entra, exchange, tenant, parameters, form);
  return true;
}

function answerLogout(exchange: Exchange): true {
  const target = new URLSearchParams(exchange.query).get('post_logout_redirect_uri');
  if (target !== null && /^https?:/.test(target)) {
    sendEmpty(exchange.response, 302, { location: target });
  } else {
    sendText(exchange.response, 200, 'text/plain; charset=utf-8', 'You are signed out.\n');
  }
  return true;
}
