import { randomUUID } from 'node:crypto';
import { serviceOfPath } from '#graph/budget/budget-service.ts';
import type { GraphService } from '#graph/budget/budget.ts';
import type { GraphAnswer, GraphRead, GraphReader } from '#graph/port/graph-reader.ts';
import { checkedLink, urlOfPath, type TrustedBase } from '#graph/port/trusted-url.ts';
import { relativeUrl } from '#graph/wire/batch-envelope.ts';
import { hasDotSegments } from '#graph/wire/batch-guard.ts';
import type { BatchLane } from './batch-lane.ts';

/**
 * Creates a tenant's reader: it checks each get's URL and puts the get into the lane of its service.
 * @param budgetWaitMs longest wait of a get for room in the budget.
 */
export function createReader(
  tenantId: string,
  base: TrustedBase,
  laneOf: (service: GraphService) => BatchLane,
  budgetWaitMs: number,
): GraphReader {
  return {
    tenantId,
    get: async (pathOrNextLink, options = {}) => {
      const url = pathOrNextLink.startsWith('/')
        ? urlOfPath(base, pathOrNextLink)
        : checkedLink(base, pathOrNextLink);
      options.signal?.throwIfAborted();
      const lane = laneOf(serviceOfPath(relativeUrl(base, url)));
      return readIn(lane, url, budgetWaitMs, options);
    },
  };
}

const readHeaders = {
  Accept: 'application/json;odata.metadata=minimal',
  // Without it Graph writes unknownFutureValue for newer enum members, and a restore would lose them.
  Prefer: 'include-unknown-enum-members',
};

async function readIn(
  lane: BatchLane,
  url: string,
  budgetWaitMs: number,
  { signal, headers }: GraphRead,
): Promise<GraphAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<GraphAnswer>();
  const read = {
    url,
    headers: { ...readHeaders, ...headers },
    clientRequestId: randomUUID(),
    signal,
    budgetWaitMs,
    // A plain fetch resolves dot segments before sending; in a batch the service would resolve them.
    alone: hasDotSegments(url),
    refusedAtMs: null,
    resolve,
    reject,
  };
  const giveUp = (): void => {
    lane.remove(read);
    reject(signal?.reason);
  };
  signal?.addEventListener('abort', giveUp, { once: true });
  lane.add(read);
  try {
    return await promise;
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}
