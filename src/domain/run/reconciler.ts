/** The workflow type of the reconciler, and the ID of its one open execution. */
export const reconcilerType = 'keepRunsReconciled';
export const reconcilerId = 'runs-reconciler';

/** The argument of the reconciler's workflow, and of the signal that changes it. */
export interface ReconcilerInput {
  /** A round begins so often. */
  readonly intervalMs: number;
}

/** Every worker sends this signal when it starts, so that a changed interval takes effect at once. */
export const intervalSignal = 'intervalWanted';

/** The time from the end of a round to the next. Rounds begin at multiples of the interval; a long round skips some. */
export function restAfterRound(roundMs: number, intervalMs: number): number {
  return intervalMs - (roundMs % intervalMs);
}
