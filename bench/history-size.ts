import type { BenchStack } from './bench-stack.ts';
import type { BenchRun } from './timed-runs.ts';

/** The size of a run in Temporal. */
export interface HistorySize {
  readonly events: number;
  readonly bytes: number;
  /** The largest single payload, in bytes. */
  readonly largestPayloadBytes: number;
}

/** Asks Temporal for the size of a run's history. */
export async function historySize(
  { temporal }: BenchStack,
  { workflow }: BenchRun,
): Promise<HistorySize> {
  const handle = temporal.workflow.getHandle(workflow.workflowId, workflow.runId ?? undefined);
  const description = await handle.describe();
  return {
    events: description.historyLength,
    bytes: description.historySize ?? 0,
    largestPayloadBytes: largestPayload(await handle.fetchHistory()),
  };
}

/** The largest payload of a history, in bytes. Payloads are its only byte strings that grow with their input. */
export function largestPayload(value: unknown): number {
  if (value instanceof Uint8Array) return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>(
    (largest, inner) => Math.max(largest, largestPayload(inner)),
    0,
  );
}
