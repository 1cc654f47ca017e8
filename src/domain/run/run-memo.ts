/** The memo of a run's execution. The reconciler decides by it, not by search attributes. */
export interface RunMemo {
  readonly runId: string;
}

/** The run of an execution by its memo; undefined for an execution without a run. */
export function runIdOfMemo(
  memo: Readonly<Record<string, unknown>> | undefined,
): string | undefined {
  const runId = memo?.['runId'];
  return typeof runId === 'string' ? runId : undefined;
}
