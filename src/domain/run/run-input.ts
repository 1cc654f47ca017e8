/** The argument of a run's workflow and of the signal that requests a run: ids alone. */
export interface RunInput {
  readonly runId: string;
  readonly tenantId: string;
  /** Runs requested while an earlier execution with this key was closing; only continue-as-new sets it. */
  readonly handed?: readonly RunInput[];
  /** The progress of an earlier execution of this run; only continue-as-new sets it. */
  readonly resume?: RunProgress;
}

/** The progress of a run of many items: every item with an ordinal below `next` has ended. */
export interface RunProgress {
  readonly next: number;
  /** The number of ordinals. */
  readonly planned: number;
}

/** Every start sends this signal, so that a start while the execution closes is never lost. */
export const runRequestedSignal = 'runRequested';
