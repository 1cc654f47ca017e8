import { throttledSeconds } from '#graph/budget/budget-limits.ts';
import { serviceOfPath } from '#graph/budget/budget-service.ts';
import type { BudgetGrant, GraphService } from '#graph/budget/budget.ts';
import { WriteLane } from '#graph/lanes/write-lane.ts';
import {
  responseBytesMaxDefault,
  writeTimeoutMsDefault,
  type GraphConfig,
} from '#graph/port/graph-config.ts';
import type { GraphWriters } from '#graph/port/graph-writer.ts';
import { urlOfPath } from '#graph/port/trusted-url.ts';
import { relativeUrl } from '#graph/wire/batch-envelope.ts';
import type { CallLimits } from '#graph/wire/call-graph.ts';
import { sendWrite } from '#graph/wire/send-write.ts';
import { assertTenantId, createTenantClients } from '#graph/wire/tenant-clients.ts';
import { WriteGuard } from '#graph/wire/write-guard.ts';
import type { GraphParts } from './client.ts';

/**
 * Creates the port for writes to Graph; makes no call.
 * @throws RangeError if a configured URL is neither https nor http on loopback.
 */
export function createGraphWriters(config: GraphConfig, { budget }: GraphParts = {}): GraphWriters {
  const clients = createTenantClients(config, (base) => new WriteGuard(base));
  const limits: CallLimits = {
    requestTimeoutMs: config.writeTimeoutMs ?? writeTimeoutMsDefault,
    responseBytesMax: config.responseBytesMax ?? responseBytesMaxDefault,
  };
  // Never evicted: a tenant has at most three lanes, each a few counters.
  const lanes = new Map<string, WriteLane>();

  function laneOf(tenantId: string, service: GraphService): WriteLane {
    const key = `${service} ${tenantId.toLowerCase()}`;
    const known = lanes.get(key);
    if (known) return known;
    const counted = { tenantId, service, use: 'write' } as const;
    const lane = new WriteLane({
      ready: () => clients.tokenAtHand(tenantId),
      take: (inFlight) => budget?.take({ ...counted, wanted: 1, inFlight }) ?? unlimited(),
      throttled: async (used, retryAfterSeconds) =>
        budget?.throttled({ ...counted, used, retryAfterSeconds }),
      throttledSeconds: throttledSeconds[service],
    });
    lanes.set(key, lane);
    return lane;
  }

  function targetOf(tenantId: string, path: string): { url: string; lane: WriteLane } {
    const url = urlOfPath(clients.base, path);
    return { url, lane: laneOf(tenantId, serviceOfPath(relativeUrl(clients.base, url))) };
  }

  return {
    writerFor: (tenantId) => {
      assertTenantId(tenantId);
      const client = clients.clientFor(tenantId);
      return {
        tenantId,
        admit: async (path, options = {}) => targetOf(tenantId, path).lane.admit(options),
        send: async (request) => {
          const { url, lane } = targetOf(tenantId, request.path);
          return lane.send(() => sendWrite(client, url, request, limits));
        },
      };
    },
  };
}

async function unlimited(): Promise<BudgetGrant> {
  return { granted: 1, waitSeconds: null, used: 0 };
}
