import type { SimulatorTenant, SimulatorUser } from '../store/tenant.ts';
import type { SignedInUser, TokenSubject } from './claims.ts';
import type { Client } from './client.ts';
import type { Entra } from './entra.ts';
import { groupIdsOf } from './membership.ts';
import { EntraProblem } from './problem.ts';
import type { RequestedScopes } from './resource.ts';

/** A request to the token endpoint, its parts read. */
export interface TokenRequest {
  readonly entra: Entra;
  readonly baseUrl: string;
  /** The authority's tenant; null for a shared authority. */
  readonly tenant: SimulatorTenant | null;
  readonly client: Client;
  readonly form: URLSearchParams;
}

/** A form field that must be there. Throws EntraProblem (AADSTS900144). */
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

/** What the tokens that answer this request are about. */
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

/** A user with the groups that tokens name. */
export function signedIn(entra: Entra, tenant: SimulatorTenant, user: SimulatorUser): SignedInUser {
  return { user, groupIds: groupIdsOf(entra.store, tenant.tenantId, user.id) };
}
