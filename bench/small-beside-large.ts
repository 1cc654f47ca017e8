import { setTimeout as sleep } from 'node:timers/promises';
import { readWholeList } from '#stack/api-client.ts';
import type { BenchStack, BenchTenant } from './bench-stack.ts';
import { benchThrottle } from './graph-floor.ts';
import { percentile } from './percentile.ts';
import type { BenchRow } from './row.ts';
import { seedTenant } from './seeded-tenant.ts';
import { type BenchRun, runAll, spanSeconds, untilIdle } from './timed-runs.ts';

const largePolicies = 5_000;
const captures = 20;
const pollIntervalMs = 100;
const goal = 2;

/** Measures a small tenant's captures, one by one, alone and during the backup of a large tenant. */
export async function measureSmallBesideLarge(
  bench: BenchStack,
  small: BenchTenant,
): Promise<BenchRow[]> {
  const large = await seedTenant(bench, largePolicies);
  await runAll(small, ['/inventory-syncs']);
  const listed = `/tenants/${small.tenantId}/policies?type=settingsCatalogPolicy`;
  const [policy] = await readWholeList<{ id: string }>(small.api, listed);
  if (policy === undefined) throw new Error('the small tenant has no policy');
  await bench.control('PUT', '/throttle', benchThrottle);
  const alone = await captureSeconds(small, policy.id);
  const path = `/tenants/${large.tenantId}/backup-sets`;
  const body = { name: 'Large', all: true };
  const { run } = await large.api.call<{ run: BenchRun }>('POST', path, body);
  await untilCapturing(large, run.id);
  const beside = await captureSeconds(small, policy.id);
  const { status } = await large.api.call<BenchRun>(
    'GET',
    `/tenants/${large.tenantId}/runs/${run.id}`,
  );
  if (status !== 'running') throw new Error(`the large backup was ${status} too early`);
  await large.api.call('POST', `/tenants/${large.tenantId}/runs/${run.id}/cancel`, {});
  await untilIdle(large);
  await bench.control('PUT', '/throttle', {});
  return [
    {
      name: `small tenant's capture beside a backup of ${largePolicies}, p50`,
      unit: 's',
      value: percentile(beside, 0.5),
      baseline: { value: percentile(alone, 0.5), what: 'the same alone' },
      goal,
    },
  ];
}

async function captureSeconds(tenant: BenchTenant, policyId: string): Promise<number[]> {
  const seconds: number[] = [];
  for (let count = 0; count < captures; count += 1) {
    seconds.push(spanSeconds(await runAll(tenant, [`/policies/${policyId}/captures`])));
  }
  return seconds;
}

/** Waits until a backup has planned its items and captured the first. */
async function untilCapturing({ api, tenantId }: BenchTenant, runId: string): Promise<void> {
  for (;;) {
    const { status, counts } = await api.call<{ status: string; counts: { succeeded: number } }>(
      'GET',
      `/tenants/${tenantId}/runs/${runId}`,
    );
    if (counts.succeeded > 0) return;
    if (status !== 'queued' && status !== 'running') throw new Error(`the backup was ${status}`);
    await sleep(pollIntervalMs);
  }
}
