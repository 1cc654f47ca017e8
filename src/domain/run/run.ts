export const runStatuses = [
  'queued',
  'running',
  'succeeded',
  'partial',
  'failed',
  'canceled',
] as const;
export type RunStatus = (typeof runStatuses)[number];

/** A run in these statuses holds its idempotency key. */
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

/** A status never leads to itself. */
export function isLegalTransition(from: RunStatus, to: RunStatus): boolean {
  return legalTransitions[from].includes(to);
}

/** The statuses before `to`, for the SQL of every transition. */
export function statusesLeadingTo(to: RunStatus): RunStatus[] {
  return runStatuses.filter((from) => isLegalTransition(from, to));
}

export function isTerminal(status: RunStatus): boolean {
  return legalTransitions[status].length === 0;
}

export interface ItemCounts {
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The final status of a run by the outcomes of its items; a run without items has succeeded. */
export function statusFromCounts(counts: ItemCounts): 'succeeded' | 'partial' | 'failed' {
  if (counts.succeeded === counts.total) return 'succeeded';
  if (counts.succeeded > 0) return 'partial';
  return counts.failed > 0 ? 'failed' : 'partial';
}
