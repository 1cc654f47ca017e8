import type { ConfidentialClientApplication } from '@azure/msal-node';
import type { GraphConfig } from '#graph/port/graph-config.ts';
import { GraphError } from '#graph/port/graph-error.ts';
import { authorityUrl, createMsalApplication } from './msal-application.ts';

interface TokenRequest {
  readonly signal?: AbortSignal;
  /** Passes over the cached token, after Graph has refused it. */
  readonly forceRefresh?: boolean;
}

export interface Tokens {
  /** Takes a tenant and returns an app-only access token for Graph. Throws GraphError. */
  accessToken(tenantId: string, request?: TokenRequest): Promise<string>;
}

interface TenantTokens {
  readonly application: ConfidentialClientApplication;
  /** What the network said last; MSAL hides it behind a word of its own. */
  failure: unknown;
  /** Requests under way, shared by all who come meanwhile: from the cache if possible, and surely fresh ones. */
  usual: Promise<string> | null;
  fresh: Promise<string> | null;
}

/**
 * Returns a source of tokens that keeps one MSAL client, and so one cache, for each tenant. Throws a RangeError
 * when the authority is neither https nor http on loopback.
 */
export function createTokens(config: GraphConfig): Tokens {
  authorityUrl(config);
  const scope = graphScope(config.baseUrl, '.default');
  const tenants = new Map<string, TenantTokens>();

  function tenantTokens(tenantId: string): TenantTokens {
    const known = tenants.get(tenantId);
    if (known) return known;
    const created: TenantTokens = {
      application: createMsalApplication(config, tenantId, (failure) => {
        created.failure = failure;
      }),
      failure: null,
      usual: null,
      fresh: null,
    };
    tenants.set(tenantId, created);
    return created;
  }

  return {
    accessToken: async (tenantId, request = {}) => {
      request.signal?.throwIfAborted();
      const tenant = tenantTokens(tenantId);
      return abandonable(shared(tenant, scope, request.forceRefresh === true), request.signal);
    },
  };
}

/** Takes the base URL of Graph and the name of a permission, or `.default`, and returns the scope that Entra knows. */
export function graphScope(baseUrl: string, name: string): string {
  const { protocol, origin } = new URL(baseUrl);
  // The simulator stands for the global Graph, whatever its own address is.
  return `${protocol === 'https:' ? origin : 'https://graph.microsoft.com'}/${name}`;
}

// A fresh token suits everybody; one that may have come out of the cache does not suit whom Graph has refused.
function shared(tenant: TenantTokens, scope: string, forceRefresh: boolean): Promise<string> {
  const underWay = tenant.fresh ?? (forceRefresh ? null : tenant.usual);
  if (underWay) return underWay;
  const slot = forceRefresh ? 'fresh' : 'usual';
  const token = acquire(tenant, scope, forceRefresh).finally(() => {
    tenant[slot] = null;
  });
  tenant[slot] = token;
  return token;
}

async function acquire(tenant: TenantTokens, scope: string, skipCache: boolean): Promise<string> {
  tenant.failure = null;
  try {
    const result = await tenant.application.acquireTokenByClientCredential({
      scopes: [scope],
      skipCache,
    });
    if (result?.accessToken) return result.accessToken;
  } catch {
    // MSAL's own errors may repeat the request; only a code leaves this file.
    if (tenant.failure) throw tenant.failure;
  }
  throw new GraphError({ kind: 'unauthorized', code: 'token_failed' });
}

/** One caller may give up; the others still wait for the same token. */
async function abandonable(
  token: Promise<string>,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (!signal) return token;
  const { promise, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([token, promise]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
