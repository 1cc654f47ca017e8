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
import { ReadGuard } from '#graph/wire/read-guard.ts';
import { assertTenantId, createTenantClients } from '#graph/wire/tenant-clients.ts';

export interface GraphParts {
  /** Default: requests go out without a limit. */
  readonly budget?: GraphBudget;
}

/**
 * Creates the port for reads from Graph; makes no call.
 * @throws RangeError if a configured URL is neither https nor http on loopback.
 */
export function createGraph(config: GraphConfig, { budget }: GraphParts = {}): Graph {
  const clients = createTenantClients(config, (base) => new ReadGuard(base));
  const limits: CallLimits = {
    requestTimeoutMs: config.requestTimeoutMs ?? requestTimeoutMsDefault,
    responseBytesMax: config.responseBytesMax ?? responseBytesMaxDefault,
  };
  const lanes = new Map<string, BatchLane>();

  /** Shares one lane among all readers of a tenant in this process, so that gets of several runs fill one batch. */
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
