import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { RunRow } from '#db/tables.ts';
import type { Kernel } from '#test/support/kernel.ts';

type Handle = ReturnType<Kernel['client']['workflow']['getHandle']>;
export type History = Awaited<ReturnType<Handle['fetchHistory']>>;
export type HistoryEvent = NonNullable<History['events']>[number];

/** The history of a run's newest execution, or of a given one. */
export function historyOf(
  kernel: Kernel,
  run: Pick<RunRow, 'idempotency_key'>,
  workflowRunId?: string | null,
): Promise<History> {
  return kernel.client.workflow
    .getHandle(run.idempotency_key, workflowRunId ?? undefined)
    .fetchHistory();
}

/** The attributes of all events of one kind. */
export function attributesOf<Name extends keyof HistoryEvent>(
  history: History,
  name: Name,
): NonNullable<HistoryEvent[Name]>[] {
  return (history.events ?? [])
    .map((event) => event[name])
    .filter((attributes) => attributes !== null && attributes !== undefined);
}

/** A history as JSON text with decoded payloads, for searches. */
export function historyText(history: History): string {
  return JSON.stringify(withPayloads(history, (data) => data.toString('utf8')));
}

/** The size in bytes of the largest payload of a history. */
export function largestPayload(history: History): number {
  const sizes = [0];
  withPayloads(history, (data) => sizes.push(data.length));
  return Math.max(...sizes);
}

function withPayloads(history: History, read: (data: Buffer) => unknown): unknown {
  return JSON.parse(historyToJSON(history), (_key, value: unknown) => {
    const { metadata, data } = (value ?? {}) as { metadata?: unknown; data?: unknown };
    const isPayload = metadata !== undefined && typeof data === 'string';
    return isPayload ? read(Buffer.from(data, 'base64')) : value;
  });
}
