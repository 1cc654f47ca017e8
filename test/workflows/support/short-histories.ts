import { readFile } from 'node:fs/promises';
import type { RunRow } from '../../../src/db/tables.ts';
import { type Kernel, testBundle } from '../../support/kernel.ts';

/** So many events, and the execution continues as new: after planning, and every few activities. */
const shortHistoryEvents = 24;

/** This checkout's workflows but for the one number that only a tenant of thousands of policies would reach. */
export async function bundleWithShortHistories(): Promise<{ code: string }> {
  const code = await readFile(testBundle().codePath, 'utf8');
  const parts = code.split(/historyEventsMax = 6_?000\b/);
  if (parts.length !== 2) throw new Error('the bundle does not say once how long a history may be');
  return { code: parts.join(`historyEventsMax = ${shortHistoryEvents}`) };
}

/** How many executions the workflow of a run has had, the current one included, as far as Temporal lists them yet. */
export async function countExecutions(
  kernel: Pick<Kernel, 'client'>,
  run: Pick<RunRow, 'idempotency_key'>,
): Promise<number> {
  const query = `WorkflowId = "${run.idempotency_key}"`;
  let count = 0;
  for await (const _execution of kernel.client.workflow.list({ query })) count += 1;
  return count;
}
