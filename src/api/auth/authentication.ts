import type { IncomingMessage } from 'node:http';
import { type Caller, cleanDisplayName } from '#api/http/caller.ts';
import type { ApiDependencies } from '#api/http/dependencies.ts';
import { Problem } from '#api/http/problem.ts';
import { badToken, noToken } from '#api/http/unauthenticated.ts';
import type { Config } from '#config.ts';
import { guidPattern, principalId } from '#domain/identity/principal.ts';
import { type AccessTokenClaims, BadTokenError, verifyAccessToken } from './access-token.ts';
import { createKnownTenants } from './known-tenants.ts';
import { createSigningKeys, SigningKeysUnavailableError } from './signing-keys.ts';
import { keepUserToken } from './user-token.ts';

/** The app role of platform administrators, assigned in the home tenant. */
const adminAppRole = 'Tenantry.Admin';

const unavailableRetryAfterSeconds = 5;

/** The token of a request. Counts the raw headers, because Node drops a second Authorization header in silence. */
function bearerToken(request: IncomingMessage): string {
  const headers = request.rawHeaders.filter(
    (name, index) => index % 2 === 0 && name.toLowerCase() === 'authorization',
  );
  if (headers.length === 0) throw noToken();
  const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(request.headers.authorization ?? '');
  if (headers.length > 1 || token?.[1] === undefined) throw badToken();
  return token[1];
}

// A directory can be configured to send group names; only object ids count.
function callerOf(claims: AccessTokenClaims, config: Config): Caller {
  const id = principalId(claims.tid, claims.oid);
  const nobody = { principalId: id, tenantId: claims.tid, displayName: id };
  if (claims.scp === undefined) {
    return { ...nobody, principalIds: [], delegatedToken: false, platformAdmin: false };
  }
  const groups = (claims.groups ?? []).map((group) => group.toLowerCase());
  const groupIds = groups.filter((group) => guidPattern.test(group));
  const hasAdminRole =
    claims.tid === config.ENTRA_HOME_TENANT_ID && (claims.roles ?? []).includes(adminAppRole);
  const principalIds = [id, ...groupIds.map((group) => principalId(claims.tid, group))];
  return {
    ...nobody,
    principalIds,
    displayName:
      cleanDisplayName(claims.name ?? '') ||
      cleanDisplayName(claims.preferred_username ?? '') ||
      id,
    delegatedToken: true,
    platformAdmin:
      hasAdminRole ||
      principalIds.some((principal) => config.API_ADMIN_SUBJECTS.includes(principal)),
  };
}

/**
 * The only way from a request to its caller. It rejects with a Problem: 401, the same for every invalid token, or 503 if
 * the sign-in keys are unreachable.
 */
export function createAuthenticator(
  deps: ApiDependencies,
): (request: IncomingMessage) => Promise<Caller> {
  const { config, log } = deps;
  // One key set signs the tokens of every tenant of an authority.
  const keysUrl = `${config.ENTRA_AUTHORITY}/common/discovery/v2.0/keys`;
  const keys = createSigningKeys(keysUrl, (error) =>
    log.warn({ reason: String(error) }, 'the signing keys could not be refreshed'),
  );
  const isKnownTenant = createKnownTenants(deps.db, config.ENTRA_HOME_TENANT_ID);
  const expected = { authority: config.ENTRA_AUTHORITY, audience: config.API_AUDIENCE, keys };

  return async (request) => {
    const token = bearerToken(request);
    try {
      const claims = await verifyAccessToken(token, expected);
      if (!(await isKnownTenant(claims.tid))) throw new BadTokenError('an unknown directory');
      const caller = callerOf(claims, config);
      keepUserToken(caller, token);
      return caller;
    } catch (error) {
      if (error instanceof BadTokenError) {
        log.debug({ reason: error.message }, 'an access token was refused');
        throw badToken();
      }
      if (!(error instanceof SigningKeysUnavailableError)) throw error;
      throw new Problem('unavailable', 'The sign-in keys of the directory cannot be reached.', {
        headers: { 'Retry-After': String(unavailableRetryAfterSeconds) },
      });
    }
  };
}
