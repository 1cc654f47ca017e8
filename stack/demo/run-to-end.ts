import { setTimeout as sleep } from 'node:timers/promises';
import { readWholeList, type ApiClient } from '../api-client.ts';
import type { FinishedRun, Run, RunItem } from './api-types.ts';

/** How often a run is looked at while it works; reads are answered from PostgreSQL alone. */
const pollIntervalMs = 250;

/** How often somebody who waits is told how far it is. */
const progressIntervalMs = 2_000;

/** A run that takes longer than this hangs. */
const runTimeoutMs = 15 * 60_000;

/**
 * Starts a run by `POST path` and waits for its end, asking the API. Answers it with its items,
 * whatever its outcome; tells how far it is every two seconds. Throws when it has not ended after 15 minutes.
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
