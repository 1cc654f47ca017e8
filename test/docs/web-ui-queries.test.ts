import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { captureSnapshot } from '#domain/run/run-requests.ts';
import { initiator, type Kernel, startKernel } from '#test/support/kernel.ts';
import { untilEnded } from '#test/support/runs.ts';
import { until } from '#test/support/until.ts';
import { addCatalogPolicy, addCustomer } from '#test/workflows/support/customer.ts';
import { shortHistories, startRounds } from '#test/workflows/support/reconciler-rounds.ts';

let kernel: Kernel;
let queries: ReadonlyMap<string, string>;
beforeAll(async () => {
  kernel = await startKernel({ temporalConfig: shortHistories });
  const page = await readFile(new URL('../../docs/temporal-web-ui.md', import.meta.url), 'utf8');
  const rows = page.matchAll(/^\| (?<view>[^|]+?) +\| `(?<query>[^`]+)` +\|$/gm);
  queries = new Map(
    [...rows].map(({ groups }) => [groups?.['view'] ?? '', groups?.['query'] ?? '']),
  );
});
afterAll(() => kernel.stop());

async function startRun() {
  const tenantId = await addCustomer(kernel);
  const { policyId } = await addCatalogPolicy(kernel, tenantId);
  const { run } = await kernel.runs.start(captureSnapshot(tenantId, policyId), initiator);
  await untilEnded(kernel.database, run);
  return run;
}

/** The workflows that a view of the page lists, with its placeholders filled in. */
async function listed(view: string, fill: Record<string, string> = {}): Promise<string[]> {
  const query = queries.get(view)?.replaceAll(/<[^>]+>/g, (name) => fill[name] ?? name) ?? '';
  const ids: string[] = [];
  for await (const { workflowId } of kernel.client.workflow.list({ query })) ids.push(workflowId);
  return ids.toSorted();
}

describe('the queries of docs/temporal-web-ui.md', () => {
  it('are all taken by Temporal', async () => {
    expect(queries.size).toBeGreaterThan(5);
    for (const view of queries.keys()) expect(await listed(view)).toEqual(expect.any(Array));
  });

  // Catches: a query that also lists the workflows of other tenants or those that are no run's.
  it('list the runs of one tenant, one run and all runs, and no reconciler', async () => {
    const [mine, other] = [await startRun(), await startRun()];
    const { handle, stop } = await startRounds(kernel, { intervalMs: 60_000 }, async () => ({
      closed: 0,
      dispatched: 0,
    }));
    const both = [mine.idempotency_key, other.idempotency_key].toSorted();
    await until('all runs are listed', async () => (await listed('all runs')).length === 2);
    expect(await listed('all runs')).toEqual(both);
    const tenant = { '<tenant>': mine.tenant_id };
    expect(await listed('runs of a tenant', tenant)).toEqual([mine.idempotency_key]);
    const key = { '<idempotencyKey>': other.idempotency_key };
    expect(await listed('one run', key)).toEqual([other.idempotency_key]);
    await handle.terminate();
    await stop();
  });
});
