export const runStatuses = [
  'queued',
  'running',
  'succeeded',
  'partial',
  'failed',
  'canceled',
] as const;
export type RunStatus = (typeof runStatuses)[number];

/** Statuses in which a run still holds its idempotency key. */
export const activeRunStatuses = ['queued', 'running'] as const satisfies readonly RunStatus[];

export const itemOutcomes = ['pending', 'succeeded', 'failed', 'skipped'] as const;
export type ItemOutcome = (typeof itemOutcomes)[number];

export const itemActions = ['capture', 'create', 'update', 'none', 'delete'] as const;
export type ItemAction = (typeof itemActions)[number];

const legalTransitions: Record<RunStatus, readonly RunStatus[]> = {
  queued: ['running', 'failed', 'canceled'],
  running: ['succeeded', 'partial', 'failed', 'canceled'],
  succeeded: [],
  partial: [],
  failed: [],
  canceled: [],
};

/** Whether a run may go from one status to the other. A status never leads to itself. */
export function isLegalTransition(from: RunStatus, to: RunStatus): boolean {
  return legalTransitions[from].includes(to);
}

/**
 * The statuses from which a run may enter `to`: the `where status in (…)` of every transition in SQL,
 * so that the table above is the only place that knows them.
 */
export function statusesLeadingTo(to: RunStatus): RunStatus[] {
  return runStatuses.filter((from) => isLegalTransition(from, to));
}

/** Whether a run in this status has ended for good. */
export function isTerminal(status: RunStatus): boolean {
  return legalTransitions[status].length === 0;
}

export interface ItemCounts {
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * The status of a run that went through all of its items.
 * A run with no items has done all there was to do and has succeeded.
 */
export function statusFromCounts(counts: ItemCounts): 'succeeded' | 'partial' | 'failed' {
  if (counts.succeeded === counts.total) return 'succeeded';
  if (counts.succeeded > 0) return 'partial';
  return counts.failed > 0 ? 'failed' : 'partial';
}
