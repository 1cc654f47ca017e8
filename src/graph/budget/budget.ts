/** The services behind Graph with separate request counts, as far as the product uses them. */
export type GraphService = 'intune' | 'conditionalAccess' | 'entra';

/**
 * The purpose of a request. A write counts as a request and, if the service limits writes, also as a write. Both
 * kinds of a restore (`restoreRead`, `write`) go before the tenant's other reads, which leave room for them as long
 * as a restore asks.
 */
export type BudgetUse = 'read' | 'restoreRead' | 'write';

export interface BudgetRequest {
  readonly tenantId: string;
  readonly service: GraphService;
  readonly use: BudgetUse;
  /** Number of requests the caller would send now. */
  readonly wanted: number;
  /** Number of the caller's own unanswered requests for this tenant, service and use. */
  readonly inFlight: number;
}

export interface BudgetGrant {
  /** Number of requests the caller may send now, from 0 to `wanted`. Unused ones need not be given back. */
  readonly granted: number;
  /**
   * Seconds until there may be room, if `granted` is 0. Null if only the caller's own requests in flight are in the
   * way: their next answer makes room.
   */
  readonly waitSeconds: number | null;
  /** Requests (for a write: writes) of all workers in the present window, including the granted ones. */
  readonly used: number;
}

export interface ThrottledReport {
  readonly tenantId: string;
  readonly service: GraphService;
  readonly use: BudgetUse;
  /** `used` of the grant under which the refused request went out. */
  readonly used: number;
  /** Graph's Retry-After, or the service's default delay. */
  readonly retryAfterSeconds: number;
}

/**
 * One request budget per tenant and service, shared by all workers. Both calls throw a GraphError of kind
 * `unavailable` if the database does not answer: no worker sends without a grant. The rate limiter's rule is in
 * src/db/budget/take-from-budget.sql.ts, its reaction to a 429 in src/db/budget/note-throttled.ts, its limits in
 * budget-limits.ts.
 */
export interface GraphBudget {
  /** Grants as many of the wanted requests as there is room for, without waiting. */
  take(request: BudgetRequest): Promise<BudgetGrant>;
  /** Records a 429: all workers back off, and keep to the limit it shows for some time. */
  throttled(report: ThrottledReport): Promise<void>;
}
