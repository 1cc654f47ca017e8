/** The argument of a run's workflow and of the signal that asks for a run: its id and its tenant, nothing else. */
export interface RunInput {
  readonly runId: string;
  readonly tenantId: string;
  /** Runs that were asked for while an earlier execution with this key was closing; only continue-as-new sets it. */
  readonly handed?: readonly RunInput[];
  /** How far an earlier execution of this same run has come; only continue-as-new sets it. */
  readonly resume?: RunProgress;
}

/** How far a run of many items has come: every item with an ordinal below `next` has been handed out and has ended. */
export interface RunProgress {
  readonly next: number;
  /** How many ordinals there are. */
  readonly planned: number;
}

/** The signal that is sent with every start, so that a start at the closing moment is never lost. */
export const runRequestedSignal = 'runRequested';
