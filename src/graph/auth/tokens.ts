import type { ConfidentialClientApplication } from '@azure/msal-node';
import type { GraphConfig } from '#graph/port/graph-config.ts';
import { GraphError } from '#graph/port/graph-error.ts';
import { authorityUrl, createMsalApplication } from './msal-application.ts';

interface TokenRequest {
  readonly signal?: AbortSignal;
  /** Skips the cached token, after Graph refused it. */
  readonly forceRefresh?: boolean;
}

export interface Tokens {
  /** Returns an app-only access token for Graph. @throws GraphError if Entra refuses or cannot be reached. */
  accessToken(tenantId: string, request?: TokenRequest): Promise<string>;
}

interface TenantTokens {
  readonly application: ConfidentialClientApplication;
  /** The last network error; MSAL replaces it with its own. */
  failure: unknown;
  /** Requests in flight, shared by concurrent callers: `usual` may answer from the cache, `fresh` never does. */
  usual: Promise<string> | null;
  fresh: Promise<string> | null;
}

/**
 * Creates a token source with one MSAL client, and so one token cache, per tenant.
 * @throws RangeError if the authority is neither https nor http on loopback.
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
      return untilAborted(
        tokenInFlight(tenant, scope, request.forceRefresh === true),
        request.signal,
      );
    },
  };
}

/** Returns Entra's scope for a permission of Graph, or for `.default`. */
export function graphScope(baseUrl: string, name: string): string {
  const { protocol, origin } = new URL(baseUrl);
  // An http base URL is the simulator, and it stands for the global Graph.
  return `${protocol === 'https:' ? origin : 'https://graph.microsoft.com'}/${name}`;
}

// A fresh token suits every caller. A caller whose token Graph refused must not get one from the cache.
function tokenInFlight(
  tenant: TenantTokens,
  scope: string,
  forceRefresh: boolean,
): Promise<string> {
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
    // An MSAL error may contain the request, so only its code leaves this file.
    if (tenant.failure) throw tenant.failure;
  }
  throw new GraphError({ kind: 'unauthorized', code: 'token_failed' });
}

/** Lets one caller give up while the others still wait for the same token. */
async function untilAborted(
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
