import { Client } from '@microsoft/microsoft-graph-client';
import { BatchLane } from './batch-lane.ts';
import { createReader } from './batch-reader.ts';
import { createSender, type SendReads } from './batch-send.ts';
import { throttledSeconds } from './budget-limits.ts';
import type { BudgetGrant, GraphBudget, GraphService } from './budget.ts';
import type { CallLimits } from './call-graph.ts';
import {
  callsInFlightMaxDefault,
  requestTimeoutMsDefault,
  responseBytesMaxDefault,
  type GraphConfig,
} from './graph-config.ts';
import type { Graph } from './graph-reader.ts';
import { ExactCall, ReadGuard, TenantAuthentication, Wire } from './middleware.ts';
import { createTokens } from './tokens.ts';
import { trustedBase } from './trusted-url.ts';
import { callSignals, wireFailure } from './wire-failure.ts';

// v1.0 lacks most policy types, and the scope tags and filters of those it has.
const graphVersion = 'beta';

// It becomes part of the authority's path.
const tenantIdPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What the port to Graph works with beside its configuration. */
export interface GraphParts {
  /** Without one, requests go out as they come. */
  readonly budget?: GraphBudget;
}

/**
 * Takes the configuration and, where requests are to be counted, a budget; returns the port to Graph. Makes no call;
 * throws a RangeError when a URL of the configuration is neither https nor http on loopback.
 */
export function createGraph(config: GraphConfig, { budget }: GraphParts = {}): Graph {
  const base = trustedBase(config.baseUrl, graphVersion);
  const tokens = createTokens(config);
  const limits: CallLimits = {
    requestTimeoutMs: config.requestTimeoutMs ?? requestTimeoutMsDefault,
    responseBytesMax: config.responseBytesMax ?? responseBytesMaxDefault,
  };
  const lanes = new Map<string, BatchLane>();

  function senderFor(tenantId: string): SendReads {
    const middleware = [
      new ExactCall(),
      new TenantAuthentication(tokens, tenantId),
      new ReadGuard(base),
      new Wire(),
    ];
    const client = Client.initWithMiddleware({ baseUrl: base.origin, middleware });
    return createSender(client, base, limits);
  }

  /** All readers of a tenant in this process share its lanes, so that the gets of its runs go together. */
  function laneOf(tenantId: string, service: GraphService): BatchLane {
    const key = `${service} ${tenantId.toLowerCase()}`;
    const known = lanes.get(key);
    if (known) return known;
    const lane = new BatchLane({
      ready: () => tokenAtHand((signal) => tokens.accessToken(tenantId, { signal }), limits),
      take: (wanted, inFlight) =>
        budget?.take({ tenantId, service, wanted, inFlight }) ?? unlimited(wanted),
      throttled: async (used, retryAfterSeconds) =>
        budget?.throttled({ tenantId, service, used, retryAfterSeconds }),
      send: senderFor(tenantId),
      callsInFlightMax: config.callsInFlightMax ?? callsInFlightMaxDefault,
      throttledSeconds: throttledSeconds[service],
      onIdle: () => lanes.delete(key),
    });
    lanes.set(key, lane);
    return lane;
  }

  return {
    readerFor: (tenantId) => {
      if (!tenantIdPattern.test(tenantId)) throw new RangeError('a tenant id is a GUID');
      return createReader(tenantId, base, (service) => laneOf(tenantId, service));
    },
  };
}

async function unlimited(wanted: number): Promise<BudgetGrant> {
  return { granted: wanted, waitSeconds: null, used: 0 };
}

async function tokenAtHand(
  acquire: (signal: AbortSignal) => Promise<unknown>,
  { requestTimeoutMs }: CallLimits,
): Promise<void> {
  const signals = callSignals(undefined, requestTimeoutMs);
  try {
    await acquire(signals.either);
  } catch (error) {
    throw wireFailure(error, signals, null);
  }
}
