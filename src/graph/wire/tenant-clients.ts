import { Client, type Middleware } from '@microsoft/microsoft-graph-client';
import { createTokens } from '#graph/auth/tokens.ts';
import { requestTimeoutMsDefault, type GraphConfig } from '#graph/port/graph-config.ts';
import { trustedBase, type TrustedBase } from '#graph/port/trusted-url.ts';
import { callSignals, wireFailure } from '#graph/port/wire-failure.ts';
import { ExactCall, TenantAuthentication, Wire } from './middleware.ts';

// v1.0 lacks most policy types, and the scope tags and filters of the others.
const graphVersion = 'beta';

// The id becomes part of the authority's path.
const tenantIdPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** SDK clients by tenant, all with the same guard. */
export interface TenantClients {
  readonly base: TrustedBase;
  /** Returns the client of a tenant by its Entra tenant id. */
  clientFor(tenantId: string): Client;
  /** Resolves once a token of the tenant is cached. @throws GraphError if Entra gives none. */
  tokenAtHand(tenantId: string): Promise<void>;
}

/**
 * Creates the clients.
 * @param createGuard creates the last link before the wire.
 * @throws RangeError if a configured URL is neither https nor http on loopback.
 */
export function createTenantClients(
  config: GraphConfig,
  createGuard: (base: TrustedBase) => Middleware,
): TenantClients {
  const base = trustedBase(config.baseUrl, graphVersion);
  const tokens = createTokens(config);
  return {
    base,
    clientFor: (tenantId) => {
      const middleware = [
        new ExactCall(),
        new TenantAuthentication(tokens, tenantId),
        createGuard(base),
        new Wire(),
      ];
      return Client.initWithMiddleware({ baseUrl: base.origin, middleware });
    },
    tokenAtHand: async (tenantId) => {
      const signals = callSignals(undefined, config.requestTimeoutMs ?? requestTimeoutMsDefault);
      try {
        await tokens.accessToken(tenantId, { signal: signals.either });
      } catch (error) {
        throw wireFailure(error, signals, null);
      }
    },
  };
}

export function assertTenantId(tenantId: string): void {
  if (!tenantIdPattern.test(tenantId)) throw new RangeError('a tenant id is a GUID');
}
