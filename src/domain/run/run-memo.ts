/** What the memo of a run's execution says: which run it works for. Decisions rest on this, not on search attributes. */
export interface RunMemo {
  readonly runId: string;
}

/** The run that an execution works for, by its memo; undefined for executions that are no run's. */
export function runIdOfMemo(
  memo: Readonly<Record<string, unknown>> | undefined,
): string | undefined {
  const runId = memo?.['runId'];
  return typeof runId === 'string' ? runId : undefined;
}
