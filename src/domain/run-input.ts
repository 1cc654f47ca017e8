/** The argument of a run's workflow and of the signal that asks for a run: its id and its tenant, nothing else. */
export interface RunInput {
  readonly runId: string;
  readonly tenantId: string;
  /** Runs that were asked for while an earlier execution with this key was closing; only continue-as-new sets it. */
  readonly handed?: readonly RunInput[];
}

/** The signal that is sent with every start, so that a start at the closing moment is never lost. */
export const runRequestedSignal = 'runRequested';
