/** The API's answers by the contract, as far as these tests read them; independent of the code's types. */
export interface Run {
  readonly id: string;
  readonly tenantId: string;
  readonly operationType: string;
  readonly target: { readonly type: string; readonly id: string } | null;
  readonly idempotencyKey: string;
  readonly status: 'queued' | 'running' | 'succeeded' | 'partial' | 'failed' | 'canceled';
  readonly counts: {
    readonly total: number;
    readonly pending: number;
    readonly succeeded: number;
    readonly failed: number;
    readonly skipped: number;
  };
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly workflow: { readonly workflowId: string; readonly runId: string | null };
  readonly links: { readonly self: string; readonly items: string };
}

/** The answer to a start. */
export interface Started {
  readonly run: Run;
  readonly reused: boolean;
}

export interface RunItem {
  readonly itemId: string;
  readonly policyId: string | null;
  readonly policyType: string;
  readonly displayName: string;
  readonly action: string;
  readonly outcome: string;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly warnings: readonly { readonly code: string }[];
  readonly attempts: number;
}

export interface Policy {
  readonly id: string;
  readonly policyType: string;
  readonly displayName: string;
  readonly graphId: string;
  readonly present: boolean;
  readonly lastSnapshotId: string | null;
}

export interface Notification {
  readonly id: string;
  readonly kind: string;
  readonly runId: string;
  readonly readAt: string | null;
}

export interface ListPage<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}
