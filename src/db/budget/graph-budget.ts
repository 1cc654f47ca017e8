import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { isDatabaseUnavailable } from '#db/database-unavailable.ts';
import { inTenant } from '#db/database.ts';
import type { Database } from '#db/tables.ts';
import { budgetLimits, writesOf, type BudgetName } from '#graph/budget/budget-limits.ts';
import type { BudgetUse, GraphBudget, GraphService } from '#graph/budget/budget.ts';
import { GraphError } from '#graph/port/graph-error.ts';
import { noteGraphThrottled } from './note-throttled.ts';
import {
  type GraphBudgetTake,
  type GraphBudgetTaken,
  takeGraphBudget,
  takeGraphBudgetForRestore,
} from './take-from-budget.ts';

/** An absurd Retry-After must not park a tenant for a day. */
const blockedSecondsMax = 300;
/** Beyond the time limits of connections and statements: only a dead connection stays silent for so long. */
const answerMsMax = 15_000;

export interface GraphBudgetOptions {
  readonly db: Kysely<Database>;
  /** A UUID of this process: workers that share a tenant divide the requests in flight. */
  readonly worker: string;
  /** Requests and windows of each service; half of the documented limits by default. */
  readonly limits?: ReturnType<typeof budgetLimits>;
  /** True (the default) if limits have to prove themselves first. */
  readonly slowStart?: boolean;
}

/** Creates the budget that all workers over this database share. */
export function createGraphBudget({
  db,
  worker,
  limits = budgetLimits(),
  slowStart = true,
}: GraphBudgetOptions): GraphBudget {
  // A use knows only its own requests in flight, so each use counts as a worker.
  const workers = { read: worker, restoreRead: randomUUID(), write: randomUUID() };

  async function take(
    tenantId: string,
    use: BudgetUse,
    service: GraphService,
    counts: Pick<GraphBudgetTake, 'wanted' | 'inFlight'>,
  ): Promise<GraphBudgetTaken> {
    const limit = countOf(limits, service);
    const wish = { ...counts, ...limit, worker: workers[use], slowStart };
    const writes = use === 'write' ? writesOf[service] : null;
    return inTenant(db, tenantId, (trx) =>
      use === 'read'
        ? takeGraphBudget(trx, wish)
        : takeGraphBudgetForRestore(trx, wish, writes && countOf(limits, writes)),
    );
  }

  return {
    take: ({ tenantId, use, service, wanted, inFlight }) =>
      reachable(take(tenantId, use, service, { wanted, inFlight })),
    throttled: ({ tenantId, service, use, used, retryAfterSeconds }) => {
      const name = (use === 'write' ? writesOf[service] : null) ?? service;
      const blockedSeconds = Math.min(retryAfterSeconds, blockedSecondsMax);
      const throttling = { service: name, used, limit: limits[name].requests, blockedSeconds };
      return reachable(inTenant(db, tenantId, (trx) => noteGraphThrottled(trx, throttling)));
    },
  };
}

function countOf(
  limits: ReturnType<typeof budgetLimits>,
  name: BudgetName,
): { service: BudgetName; limit: number; windowSeconds: number } {
  const { requests: limit, windowSeconds } = limits[name];
  return { service: name, limit, windowSeconds };
}

/** Turns a database that is away or silent into a GraphError, which the activities retry like an outage of Graph. */
async function reachable<T>(answer: Promise<T>): Promise<T> {
  const silence = Promise.withResolvers<never>();
  const unavailable = new GraphError({
    kind: 'unavailable',
    code: 'budget_unavailable',
    notSent: true,
  });
  const timer = setTimeout(() => silence.reject(unavailable), answerMsMax);
  try {
    return await Promise.race([answer, silence.promise]);
  } catch (error) {
    throw isDatabaseUnavailable(error) ? unavailable : error;
  } finally {
    clearTimeout(timer);
  }
}
