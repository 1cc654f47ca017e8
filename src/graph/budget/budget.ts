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
 * One budget per tenant and service, shared by all who read or write the tenant. Both calls throw a GraphError of kind
 * `unavailable` when the budget cannot be asked: nobody sends without a grant.
 */
export interface GraphBudget {
  /** Takes a wish and returns at once what is granted of it. */
  take(request: BudgetRequest): Promise<BudgetGrant>;
  /** Tells of a 429: everybody waits, and the limit that showed itself is kept to for some time. */
  throttled(report: ThrottledReport): Promise<void>;
}
