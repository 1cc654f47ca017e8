import { readFile } from 'node:fs/promises';
import type { RunRow } from '../../../src/db/tables.ts';
import { type Kernel, testBundle } from '../../support/kernel.ts';

/** An execution continues as new after this many events: after planning, and every few activities. */
const shortHistoryEvents = 24;

/** The workflows of this checkout with a short limit of the history. */
export async function bundleWithShortHistories(): Promise<{ code: string }> {
  const code = await readFile(testBundle().codePath, 'utf8');
  const parts = code.split(/historyEventsMax = 6_?000\b/);
  if (parts.length !== 2) throw new Error('the bundle does not say once how long a history may be');
  return { code: parts.join(`historyEventsMax = ${shortHistoryEvents}`) };
}

/** Counts the listed executions of a run, the current one included. */
export async function countExecutions(
  kernel: Pick<Kernel, 'client'>,
  run: Pick<RunRow, 'idempotency_key'>,
): Promise<number> {
  const query = `WorkflowId = "${run.idempotency_key}"`;
  let count = 0;
  for await (const _execution of kernel.client.workflow.list({ query })) count += 1;
  return count;
}
