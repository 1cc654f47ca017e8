import type { BenchStack, BenchTenant } from './bench-stack.ts';
import { requestsPerCatalogPolicy } from './generated-policies.ts';
import { historyRows, measureWork, memoryRows, secondsRow } from './measured-work.ts';
import type { BenchRow } from './row.ts';

const few = 100;
/** Several times as many policies, to see whether memory grows with their number. */
const many = 300;
/** The design's budget of events for a capture of so many policies in one run. */
const historyEventsMax = (policies: number) => 0.6 * policies + 40;

/** The number of captured policies. */
export const capturesNeeded = few + many;

/**
 * Measures captures of single policies, one run each, against the floor of Graph's limits, with history and memory.
 * Call it after other work of the worker: a heap that still grows to its usual size proves nothing.
 */
export async function measureCaptures(
  bench: BenchStack,
  tenant: BenchTenant,
  policyIds: readonly string[],
): Promise<BenchRow[]> {
  const paths = policyIds.map((id) => `/policies/${id}/captures`);
  const fewer = await measureWork(bench, tenant, paths.slice(0, few));
  const more = await measureWork(bench, tenant, paths.slice(few, capturesNeeded));
  const name = (count: number) => `captures of ${count} policies, a run each`;
  return [
    secondsRow(name(few), fewer, few * requestsPerCatalogPolicy),
    secondsRow(name(many), more, many * requestsPerCatalogPolicy),
    ...(await historyRows(bench, 'capture', fewer.runs[0], historyEventsMax(1))),
    ...memoryRows(name(many), more, fewer, `of ${few}`),
  ];
}
