import type { SimulatorTenant, SimulatorUser } from '../store/tenant.ts';
import type { SignedInUser, TokenSubject } from './claims.ts';
import type { Client } from './client.ts';
import type { Entra } from './entra.ts';
import { groupIdsOf } from './membership.ts';
import { EntraProblem } from './problem.ts';
import type { RequestedScopes } from './resource.ts';

/** A parsed request to the token endpoint. */
export interface TokenRequest {
  readonly entra: Entra;
  readonly baseUrl: string;
  /** The authority's tenant; null for a shared authority. */
  readonly tenant: SimulatorTenant | null;
  readonly client: Client;
  readonly form: URLSearchParams;
}

/**
 * Returns a required form field.
 * @throws EntraProblem (AADSTS900144).
 */
export function requiredField(form: URLSearchParams, name: string): string {
  const value = form.get(name) ?? '';
  if (value !== '') return value;
  throw new EntraProblem(
    400,
    'invalid_request',
    900144,
    `The request body must contain the following parameter: '${name}'.`,
  );
}

/** Returns the facts for the tokens of this request. */
export function subjectOf(
  request: Pick<TokenRequest, 'entra' | 'baseUrl' | 'client'>,
  tenant: SimulatorTenant,
  scopes: RequestedScopes,
): TokenSubject {
  return {
    issuerUrl: request.entra.issuerUrl ?? request.baseUrl,
    tenant,
    clientId: request.client.id,
    resource: scopes.resource,
    scopeNames: scopes.names,
  };
}

/** Adds the user's groups, for the tokens. */
export function signedIn(entra: Entra, tenant: SimulatorTenant, user: SimulatorUser): SignedInUser {
  return { user, groupIds: groupIdsOf(entra.store, tenant.tenantId, user.id) };
}
