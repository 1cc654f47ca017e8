import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { isDatabaseUnavailable } from '#db/database-unavailable.ts';
import { inTenant } from '#db/database.ts';
import type { Database } from '#db/tables.ts';
import { budgetLimits, writesOf, type BudgetName } from '#graph/budget/budget-limits.ts';
import type { BudgetUse, GraphBudget, GraphService } from '#graph/budget/budget.ts';
import { GraphError } from '#graph/port/graph-error.ts';
import {
  type GraphBudgetTake,
  type GraphBudgetTaken,
  noteGraphThrottled,
  takeGraphBudget,
  takeGraphBudgetForRestore,
} from './graph-budgets.ts';

/** An absurd Retry-After must not park a tenant for a day. */
const blockedSecondsMax = 300;
/** Beyond the time limits of connections and statements: only a wire that went dead keeps silent for so long. */
const answerMsMax = 15_000;

export interface GraphBudgetOptions {
  readonly db: Kysely<Database>;
  /** A UUID of this process: workers that share a tenant divide what may be in flight. */
  readonly worker: string;
  /** Requests and windows of each service; half of what Microsoft documents unless given. */
  readonly limits?: ReturnType<typeof budgetLimits>;
  /** Whether limits have to prove themselves first; they do unless told otherwise. */
  readonly slowStart?: boolean;
}

/** Returns the budget that all workers over this database share. */
export function createGraphBudget({
  db,
  worker,
  limits = budgetLimits(),
  slowStart = true,
}: GraphBudgetOptions): GraphBudget {
  // Each use knows of its own requests in flight alone, and so divides what may be in flight like a worker of its own.
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
        ? takeGraphBudget(trx, tenantId, wish)
        : takeGraphBudgetForRestore(trx, tenantId, wish, writes && countOf(limits, writes)),
    );
  }

  return {
    take: ({ tenantId, use, service, wanted, inFlight }) =>
      reachable(take(tenantId, use, service, { wanted, inFlight })),
    throttled: ({ tenantId, service, use, used, retryAfterSeconds }) => {
      const name = (use === 'write' ? writesOf[service] : null) ?? service;
      const blockedSeconds = Math.min(retryAfterSeconds, blockedSecondsMax);
      const throttling = { service: name, used, limit: limits[name].requests, blockedSeconds };
      return reachable(
        inTenant(db, tenantId, (trx) => noteGraphThrottled(trx, tenantId, throttling)),
      );
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

/** A database that is away or silent is bad luck that passes, like Graph's own. */
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
