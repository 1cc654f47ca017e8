import { createHash, randomBytes } from 'node:crypto';
import type { SimulatorTenant, SimulatorUser } from '../store/tenant.ts';
import type { Claims } from './jwt.ts';
import { graphAppRoles, graphDelegatedScopes } from './permissions.ts';
import { graphResource } from './resource.ts';

export const tokenLifetimeSeconds = 3600;

/** The facts in every access token. */
export interface TokenSubject {
  readonly issuerUrl: string;
  readonly tenant: SimulatorTenant;
  readonly clientId: string;
  readonly resource: string;
  readonly scopeNames: readonly string[];
}

/** The signed-in user of a delegated token. */
export interface SignedInUser {
  readonly user: SimulatorUser;
  readonly groupIds: readonly string[];
}

/** The claims of an app-only token. */
export function appClaims(subject: TokenSubject): Claims {
  const objectId = stableGuid(`service-principal:${subject.tenant.tenantId}:${subject.clientId}`);
  const common = {
    ...times(),
    aud: subject.resource,
    idtyp: 'app',
    oid: objectId,
    sub: objectId,
    tid: subject.tenant.tenantId,
    uti: uniqueTokenId(),
  };
  if (subject.resource !== graphResource) return { ...common, ...versionTwo(subject) };
  return { ...common, ...versionOne(subject), roles: subject.tenant.permissions ?? graphAppRoles };
}

/** The claims of a user's token: version 1.0 for Graph, version 2.0 for any other resource. */
export function userClaims(subject: TokenSubject, { user, groupIds }: SignedInUser): Claims {
  const common = {
    ...times(),
    aud: subject.resource,
    oid: user.id,
    sub: stableGuid(`subject:${user.id}:${subject.clientId}`),
    tid: subject.tenant.tenantId,
    name: user.displayName,
    uti: uniqueTokenId(),
    ...(groupIds.length > 0 ? { groups: groupIds } : {}),
  };
  if (subject.resource === graphResource) {
    const scp = grantedScopes(subject.scopeNames, graphDelegatedScopes).join(' ');
    return { ...common, ...versionOne(subject), idtyp: 'user', scp, upn: user.userPrincipalName };
  }
  return {
    ...common,
    ...versionTwo(subject),
    scp: grantedScopes(subject.scopeNames, ['access_as_user']).join(' '),
    preferred_username: user.userPrincipalName,
    ...(user.roles.length > 0 ? { roles: user.roles } : {}),
  };
}

/** The claims of an id token for the client. */
export function idClaims(
  subject: TokenSubject,
  signedIn: SignedInUser,
  nonce: string | null,
): Claims {
  const { user, groupIds } = signedIn;
  return {
    ...times(),
    aud: subject.clientId,
    iss: issuerOf(subject.issuerUrl, subject.tenant.tenantId),
    oid: user.id,
    sub: stableGuid(`subject:${user.id}:${subject.clientId}`),
    tid: subject.tenant.tenantId,
    name: user.displayName,
    preferred_username: user.userPrincipalName,
    uti: uniqueTokenId(),
    ver: '2.0',
    ...(user.roles.length > 0 ? { roles: user.roles } : {}),
    ...(groupIds.length > 0 ? { groups: groupIds } : {}),
    ...(nonce === null ? {} : { nonce }),
  };
}

/** The issuer of a tenant's version 2.0 tokens. */
export function issuerOf(issuerUrl: string, tenantId: string): string {
  return `${issuerUrl}/${tenantId}/v2.0`;
}

/** Returns the same GUID for the same name. */
export function stableGuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function versionOne({ clientId, tenant }: TokenSubject): Claims {
  return { appid: clientId, iss: `https://sts.windows.net/${tenant.tenantId}/`, ver: '1.0' };
}

function versionTwo({ clientId, issuerUrl, tenant }: TokenSubject): Claims {
  return { azp: clientId, iss: issuerOf(issuerUrl, tenant.tenantId), ver: '2.0' };
}

function grantedScopes(asked: readonly string[], all: readonly string[]): readonly string[] {
  return asked.length === 0 || asked.includes('.default') ? all : asked;
}

function times(): { iat: number; nbf: number; exp: number } {
  const now = Math.floor(Date.now() / 1000);
  return { iat: now, nbf: now, exp: now + tokenLifetimeSeconds };
}

function uniqueTokenId(): string {
  return randomBytes(16).toString('base64url');
}
