/** The services behind Graph that count requests for themselves, as far as we use them. */
export type GraphService = 'intune' | 'conditionalAccess' | 'entra';

/**
 * What a request is for. A write counts as a request and, where the service has a limit for writes, as a write. Both kinds of
 * a restore go before the other reads of a tenant, which leave some room as long as one asks.
 */
export type BudgetUse = 'read' | 'restoreRead' | 'write';

export interface BudgetRequest {
  readonly tenantId: string;
  readonly service: GraphService;
  readonly use: BudgetUse;
  /** How many requests the caller would send now. */
  readonly wanted: number;
  /** How many of the caller's own requests to this tenant, service and use are unanswered. */
  readonly inFlight: number;
}

export interface BudgetGrant {
  /** How many requests may be sent now; fewer than wanted, or none. What is not used need not be given back. */
  readonly granted: number;
  /**
   * With nothing granted: after how many seconds there may be room; null when it is the caller's own requests in
   * flight that are in the way, so that the next answer makes room.
   */
  readonly waitSeconds: number | null;
  /** How many requests (of a write: writes) of all workers count in the present window, the granted ones included. */
  readonly used: number;
}

export interface ThrottledReport {
  readonly tenantId: string;
  readonly service: GraphService;
  readonly use: BudgetUse;
  /** What the grant said of the window under which the refused request was sent. */
  readonly used: number;
  /** What Graph asked for, or the service's own measure where it did not say. */
  readonly retryAfterSeconds: number;
}

/**
 * One budget per tenant and service, shared by all workers. Both calls throw a GraphError of kind `unavailable` if the database
 * does not answer: no worker sends without a grant. The rate limiter's rule is in src/db/budget/take-from-budget.sql.ts, its
 * reaction to a 429 in src/db/budget/note-throttled.ts, its limits in budget-limits.ts.
 */
export interface GraphBudget {
  /** Grants as many of the wanted requests as there is room for, without waiting. */
  take(request: BudgetRequest): Promise<BudgetGrant>;
  /** Records a 429: all workers back off, and keep to the limit it shows for some time. */
  throttled(report: ThrottledReport): Promise<void>;
}
