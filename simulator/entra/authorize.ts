import type { Exchange } from '../http/exchange.ts';
import { sendEmpty, sendText } from '../http/send.ts';
import type { Entra } from './entra.ts';
import { tenantOf } from './entra.ts';
import { authorizationCode } from './grant-tickets.ts';
import { escapeHtml, signInPage } from './sign-in-page.ts';
import { EntraProblem } from './problem.ts';
import { readScopes } from './resource.ts';

/**
 * Returns the sign-in page for an authorization request.
 * @throws EntraProblem for an invalid request.
 */
export function authorizePage(
  entra: Entra,
  parameters: URLSearchParams,
  tenantSegment: string,
  complaint: string | null,
): string {
  checkRequest(parameters);
  const tenant = tenantOf(entra.store, tenantSegment);
  return signInPage({
    tenantName: tenant?.displayName ?? 'any organisation',
    userNames: (tenant === null ? entra.store.tenants() : [tenant]).flatMap(({ users }) =>
      users.map(({ userPrincipalName }) => userPrincipalName),
    ),
    hint: parameters.get('login_hint') ?? '',
    complaint,
  });
}

/** Checks the name and password from the page, then redirects to the application with a code. */
export function redirectSignedIn(
  entra: Entra,
  exchange: Exchange,
  tenantSegment: string,
  parameters: URLSearchParams,
  form: URLSearchParams,
): void {
  checkRequest(parameters);
  const scope = parameters.get('scope') ?? '';
  readScopes(scope, exchange.baseUrl);
  const tenantId = tenantOf(entra.store, tenantSegment)?.tenantId ?? null;
  const found = entra.store.userByName(tenantId, form.get('username') ?? '');
  if (found === undefined || found.user.password !== form.get('password')) {
    const page = authorizePage(
      entra,
      parameters,
      tenantSegment,
      'The user name or the password is wrong.',
    );
    sendText(exchange.response, 200, 'text/html; charset=utf-8', page);
    return;
  }
  const code = authorizationCode(entra.keys, {
    tid: found.tenant.tenantId,
    oid: found.user.id,
    client: parameters.get('client_id'),
    redirectUri: parameters.get('redirect_uri'),
    scope,
    nonce: parameters.get('nonce') ?? '',
    challenge: parameters.get('code_challenge') ?? '',
    challengeMethod: parameters.get('code_challenge_method') ?? 'plain',
  });
  const answer = new URLSearchParams({ code });
  const state = parameters.get('state');
  if (state !== null) answer.set('state', state);
  answer.set('session_state', found.user.id);
  sendBack(
    exchange,
    parameters.get('redirect_uri') ?? '',
    parameters.get('response_mode') ?? 'query',
    answer,
  );
}

/** Refuses a silent sign-in (prompt=none), since the simulator keeps no user signed in. */
export function redirectUnsigned(exchange: Exchange, parameters: URLSearchParams): void {
  checkRequest(parameters);
  const answer = new URLSearchParams({
    error: 'login_required',
    error_description: 'AADSTS50058: A silent sign-in request was sent but no user is signed in.',
  });
  const state = parameters.get('state');
  if (state !== null) answer.set('state', state);
  const mode = parameters.get('response_mode') ?? 'query';
  sendBack(exchange, parameters.get('redirect_uri') ?? '', mode, answer);
}

function sendBack(exchange: Exchange, redirectUri: string, mode: string, answer: URLSearchParams) {
  if (mode === 'form_post') {
    const fields = [...answer].map(
      ([name, value]) =>
        `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
    );
    const page = `<!doctype html><form method="post" action="${escapeHtml(redirectUri)}">${fields.join('')}<button>Continue</button></form><script>document.forms[0].submit()</script>`;
    sendText(exchange.response, 200, 'text/html; charset=utf-8', page);
    return;
  }
  const target = new URL(redirectUri);
  if (mode === 'fragment') target.hash = answer.toString();
  else for (const [name, value] of answer) target.searchParams.set(name, value);
  sendEmpty(exchange.response, 302, { location: target.href, 'cache-control': 'no-store' });
}

function checkRequest(parameters: URLSearchParams): void {
  for (const name of ['client_id', 'redirect_uri', 'scope']) {
    if ((parameters.get(name) ?? '') === '') {
      throw new EntraProblem(
        400,
        'invalid_request',
        900144,
        `The request body must contain the following parameter: '${name}'.`,
      );
    }
  }
  if (parameters.get('response_type') !== 'code') {
    throw new EntraProblem(
      400,
      'unsupported_response_type',
      70005,
      'The simulator supports the response type code only.',
    );
  }
  if (!/^https?:/.test(parameters.get('redirect_uri') ?? '') || !canParse(parameters)) {
    throw new EntraProblem(
      400,
      'invalid_request',
      50011,
      'The redirect URI specified in the request is not an http or https address.',
    );
  }
}

function canParse(parameters: URLSearchParams): boolean {
  return URL.canParse(parameters.get('redirect_uri') ?? '');
}
