import { EntraProblem } from './problem.ts';

/** A parsed scope parameter. */
export interface RequestedScopes {
  /** The audience of the access token. */
  readonly resource: string;
  /** Scope names without the resource; `.default` means all granted ones. */
  readonly names: readonly string[];
  readonly openId: boolean;
  readonly offline: boolean;
}

/** Graph's audience; clients request it by either form. */
export const graphResource = 'https://graph.microsoft.com';
export const graphAppId = '00000003-0000-0000-c000-000000000000';

const openIdScopes = ['openid', 'profile', 'email', 'offline_access'];

/**
 * Parses a scope parameter. As in Entra, a scope without a resource belongs to Graph. The simulator's own address
 * also means Graph, for clients that derive the scope from the address they call.
 * @throws EntraProblem (AADSTS90014, 28000).
 */
export function readScopes(scope: string, baseUrl: string): RequestedScopes {
  const words = scope.split(' ').filter((word) => word !== '');
  if (words.length === 0) {
    throw new EntraProblem(
      400,
      'invalid_request',
      90014,
      "The required field 'scope' is missing from the credential.",
    );
  }
  const asked = words
    .filter((word) => !openIdScopes.includes(word))
    .map((word) => splitScope(word, baseUrl));
  const resources = new Set(asked.map(({ resource }) => resource));
  if (resources.size > 1) {
    throw new EntraProblem(
      400,
      'invalid_request',
      28000,
      'Provided value for the input parameter scope is not valid because it contains more than one resource.',
    );
  }
  return {
    resource: asked[0]?.resource ?? graphResource,
    names: asked.map(({ name }) => name),
    openId: words.includes('openid'),
    offline: words.includes('offline_access'),
  };
}

function splitScope(word: string, baseUrl: string): { resource: string; name: string } {
  const at = word.lastIndexOf('/');
  if (at === -1) return { resource: graphResource, name: word };
  const resource = word.slice(0, at).replace(/\/$/, '');
  const isGraph = resource === graphAppId || resource === graphResource || resource === baseUrl;
  return { resource: isGraph ? graphResource : resource, name: word.slice(at + 1) };
}
