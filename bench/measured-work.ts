import type { BenchStack, BenchTenant } from './bench-stack.ts';
import { benchThrottle, floorSeconds } from './graph-floor.ts';
import { historySize } from './history-size.ts';
import { withResidentPeak } from './resident-peak.ts';
import type { BenchRow } from './row.ts';
import { type BenchRun, runAll, spanSeconds } from './timed-runs.ts';

/** Memory counts as flat up to this growth under several times the work. */
const flatMemoryRatio = 1.25;
/** The design's bound for one payload. */
const payloadBytesMax = 16 * 1024;

/** Finished runs, their total time, and the worker's largest memory. */
export interface MeasuredWork {
  readonly runs: readonly BenchRun[];
  readonly seconds: number;
  readonly peakMiB: number | null;
}

/** Does the work of every path under Graph's limits; each start has the same body. */
export async function measureWork(
  bench: BenchStack,
  tenant: BenchTenant,
  paths: readonly string[],
  body: unknown = {},
): Promise<MeasuredWork> {
  // New limits empty the window, so earlier requests do not count.
  await bench.control('PUT', '/throttle', benchThrottle);
  const { result: runs, peakMiB } = await withResidentPeak(
    () => bench.stack.pids.worker,
    () => runAll(tenant, paths, body),
  );
  await bench.control('PUT', '/throttle', {});
  return { runs, peakMiB, seconds: spanSeconds(runs) };
}

/** The time of some work, against the floor for its requests. */
export function secondsRow(name: string, { seconds }: MeasuredWork, requests: number): BenchRow {
  const { latencyMs } = benchThrottle;
  const what = `${requests} requests under Graph's limits, ${latencyMs} ms each on 8 connections`;
  const baseline = { value: floorSeconds(requests), what };
  return { name, unit: 's', value: seconds, baseline, goal: null };
}

/** The size of a run's history; `eventsMax` is its optional budget. */
export async function historyRows(
  bench: BenchStack,
  name: string,
  run: BenchRun | undefined,
  eventsMax: number | null,
): Promise<BenchRow[]> {
  if (run === undefined) throw new Error('nothing was run');
  const items = run.counts.total;
  const size = await historySize(bench, run);
  const row = (what: string, unit: string, value: number, goal: number | null): BenchRow => ({
    name: `history of a ${name} of ${items} item${items === 1 ? '' : 's'}: ${what}`,
    ...{ unit, value, goal, baseline: null },
  });
  return [
    row('events', 'events', size.events, eventsMax),
    row('events an item', 'events', size.events / items, null),
    row('bytes an item', 'bytes', size.bytes / items, null),
    row('largest payload', 'bytes', size.largestPayloadBytes, payloadBytesMax),
  ];
}

/**
 * The worker's memory during some work, against its memory during less work; no row on machines without this figure.
 */
export function memoryRows(
  what: string,
  more: MeasuredWork,
  fewer: MeasuredWork,
  ofWhat: string,
): BenchRow[] {
  if (more.peakMiB === null || fewer.peakMiB === null) return [];
  const baseline = { value: fewer.peakMiB, what: `the same ${ofWhat}` };
  const goal = flatMemoryRatio;
  return [
    { name: `worker memory at most, ${what}`, unit: 'MiB', value: more.peakMiB, baseline, goal },
  ];
}
