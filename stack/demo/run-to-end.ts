import { setTimeout as sleep } from 'node:timers/promises';
import { readWholeList, type ApiClient } from '../api-client.ts';
import type { FinishedRun, Run, RunItem } from './api-types.ts';

/** Milliseconds between reads of a run; PostgreSQL alone answers them. */
const pollIntervalMs = 250;

/** Milliseconds between progress lines. */
const progressIntervalMs = 2_000;

/** A slower run hangs. */
const runTimeoutMs = 15 * 60_000;

/**
 * Starts a run by `POST path` and polls the API until the run ends. Returns it with its items for
 * every outcome; prints progress every two seconds. Throws after 15 minutes.
 */
export async function runToEnd(
  api: ApiClient,
  tenantId: string,
  path: string,
  body: unknown = {},
  sayProgress: (run: Run) => void = () => {},
): Promise<FinishedRun> {
  const base = `/tenants/${tenantId}`;
  let { run } = await api.call<{ run: Run }>('POST', `${base}${path}`, body);
  const deadline = performance.now() + runTimeoutMs;
  let spokenAt = performance.now();
  while (run.status === 'queued' || run.status === 'running') {
    if (performance.now() > deadline) throw new Error(`Run ${run.id} (${path}) does not end`);
    await sleep(pollIntervalMs);
    run = await api.call<Run>('GET', `${base}/runs/${run.id}`);
    if (performance.now() - spokenAt < progressIntervalMs) continue;
    spokenAt = performance.now();
    sayProgress(run);
  }
  return { run, items: await readWholeList<RunItem>(api, `${base}/runs/${run.id}/items`) };
}
