import type { Kysely } from 'kysely';
import { inTenant } from '../db/database.ts';
import { isDatabaseUnavailable } from '../db/database-unavailable.ts';
import { noteGraphThrottled, takeGraphBudget } from '../db/graph-budgets.ts';
import type { Database } from '../db/tables.ts';
import { budgetLimits } from '../graph/budget-limits.ts';
import type { GraphBudget } from '../graph/budget.ts';
import { GraphError } from '../graph/graph-error.ts';

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
  return {
    take: ({ tenantId, service, wanted, inFlight }) => {
      const { requests: limit, windowSeconds } = limits[service];
      const take = { service, wanted, inFlight, limit, windowSeconds, worker, slowStart };
      return reachable(inTenant(db, tenantId, (trx) => takeGraphBudget(trx, tenantId, take)));
    },
    throttled: ({ tenantId, service, used, retryAfterSeconds }) => {
      const blockedSeconds = Math.min(retryAfterSeconds, blockedSecondsMax);
      const throttling = { service, used, limit: limits[service].requests, blockedSeconds };
      return reachable(
        inTenant(db, tenantId, (trx) => noteGraphThrottled(trx, tenantId, throttling)),
      );
    },
  };
}

/** A database that is away or silent is bad luck that passes, like Graph's own. */
async function reachable<T>(answer: Promise<T>): Promise<T> {
  const silence = Promise.withResolvers<never>();
  const unavailable = new GraphError({ kind: 'unavailable', code: 'budget_unavailable' });
  const timer = setTimeout(() => silence.reject(unavailable), answerMsMax);
  try {
    return await Promise.race([answer, silence.promise]);
  } catch (error) {
    throw isDatabaseUnavailable(error) ? unavailable : error;
  } finally {
    clearTimeout(timer);
  }
}
