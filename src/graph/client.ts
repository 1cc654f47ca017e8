import { throttledSeconds } from '#graph/budget/budget-limits.ts';
import type { BudgetGrant, BudgetUse, GraphBudget, GraphService } from '#graph/budget/budget.ts';
import { BatchLane } from '#graph/lanes/batch-lane.ts';
import { createReader } from '#graph/lanes/batch-reader.ts';
import { createSender } from '#graph/lanes/batch-send.ts';
import { budgetWaitMsMax } from '#graph/lanes/budget-wait.ts';
import {
  callsInFlightMaxDefault,
  requestTimeoutMsDefault,
  responseBytesMaxDefault,
  type GraphConfig,
} from '#graph/port/graph-config.ts';
import type { Graph } from '#graph/port/graph-reader.ts';
import type { CallLimits } from '#graph/wire/call-graph.ts';
import { ReadGuard } from '#graph/wire/middleware.ts';
import { assertTenantId, createTenantClients } from '#graph/wire/tenant-clients.ts';

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
  const clients = createTenantClients(config, (base) => new ReadGuard(base));
  const limits: CallLimits = {
    requestTimeoutMs: config.requestTimeoutMs ?? requestTimeoutMsDefault,
    responseBytesMax: config.responseBytesMax ?? responseBytesMaxDefault,
  };
  const lanes = new Map<string, BatchLane>();

  /** All readers of a tenant in this process share its lanes, so that the gets of its runs go together. */
  function laneOf(tenantId: string, service: GraphService, use: BudgetUse): BatchLane {
    const key = `${service} ${use} ${tenantId.toLowerCase()}`;
    const known = lanes.get(key);
    if (known) return known;
    const counted = { tenantId, service, use };
    const lane = new BatchLane({
      ready: () => clients.tokenAtHand(tenantId),
      take: (wanted, inFlight) =>
        budget?.take({ ...counted, wanted, inFlight }) ?? unlimited(wanted),
      throttled: async (used, retryAfterSeconds) =>
        budget?.throttled({ ...counted, used, retryAfterSeconds }),
      send: createSender(clients.clientFor(tenantId), clients.base, limits),
      callsInFlightMax: config.callsInFlightMax ?? callsInFlightMaxDefault,
      throttledSeconds: throttledSeconds[service],
      onIdle: () => lanes.delete(key),
    });
    lanes.set(key, lane);
    return lane;
  }

  return {
    readerFor: (tenantId, { priority, budgetWaitMs = budgetWaitMsMax } = {}) => {
      assertTenantId(tenantId);
      const use = priority === 'restore' ? 'restoreRead' : 'read';
      const lane = (service: GraphService) => laneOf(tenantId, service, use);
      return createReader(tenantId, clients.base, lane, budgetWaitMs);
    },
  };
}

async function unlimited(wanted: number): Promise<BudgetGrant> {
  return { granted: wanted, waitSeconds: null, used: 0 };
}
