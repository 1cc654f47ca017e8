import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchTenant } from './bench-stack.ts';
import { forEachParallel } from './for-each-parallel.ts';

/** The part of a run that the bench reads. */
export interface BenchRun {
  readonly id: string;
  readonly status: string;
  readonly target: { readonly id: string } | null;
  readonly counts: { readonly total: number };
  readonly createdAt: string;
  readonly finishedAt: string | null;
  readonly workflow: { readonly workflowId: string; readonly runId: string | null };
}

const pollIntervalMs = 100;
const timeoutMs = 10 * 60_000;
const parallelStarts = 8;
const activeListMax = 200;

/** Starts the work of every path and waits until all of it has succeeded. Throws for a run with another outcome. */
export async function runAll(
  { api, tenantId }: BenchTenant,
  paths: readonly string[],
  body: unknown = {},
): Promise<BenchRun[]> {
  const ids = await forEachParallel(paths, parallelStarts, async (path) => {
    const { run } = await api.call<{ run: BenchRun }>('POST', `/tenants/${tenantId}${path}`, body);
    return run.id;
  });
  await untilIdle({ api, tenantId });
  const runs = await forEachParallel(ids, parallelStarts, (id) =>
    api.call<BenchRun>('GET', `/tenants/${tenantId}/runs/${id}`),
  );
  const bad = runs.find(({ status }) => status !== 'succeeded');
  if (bad !== undefined) throw new Error(`run ${bad.id} ended as ${bad.status}`);
  return runs;
}

/** Waits until a tenant has no active run. Throws after 10 minutes. */
export async function untilIdle({ api, tenantId }: Pick<BenchTenant, 'api' | 'tenantId'>) {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const path = `/tenants/${tenantId}/runs?active=true&limit=${activeListMax}`;
    const { items } = await api.call<{ items: unknown[] }>('GET', path);
    if (items.length === 0) return;
    if (performance.now() > deadline) throw new Error('runs do not end');
    await sleep(pollIntervalMs);
  }
}

/** From the first start to the last end, in seconds, by the database's clock. */
export function spanSeconds(runs: readonly BenchRun[]): number {
  const begins = runs.map(({ createdAt }) => Date.parse(createdAt));
  const ends = runs.map(({ finishedAt }) => Date.parse(finishedAt ?? ''));
  return (Math.max(...ends) - Math.min(...begins)) / 1000;
}
