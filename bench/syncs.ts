import { readWholeList } from '#stack/api-client.ts';
import type { BenchStack, BenchTenant } from './bench-stack.ts';
import { seedPolicies } from './generated-policies.ts';
import { historyRows, measureWork, memoryRows, secondsRow } from './measured-work.ts';
import type { BenchRow } from './row.ts';
import { runAll } from './timed-runs.ts';

const generatedCount = 1_000;
const syncPath = ['/inventory-syncs'];

/** A generated tenant, and the ids of its policies in the inventory. */
export interface GeneratedTenant {
  readonly tenant: BenchTenant;
  readonly policyIds: readonly string[];
}

/** Measures syncs of a small and of a large tenant against the floor of Graph's limits, with history and memory. */
export async function measureSyncs(
  bench: BenchStack,
): Promise<{ rows: BenchRow[]; generated: GeneratedTenant }> {
  const sample = await bench.sampleTenant('Alpine Ski House');
  const tenant = await bench.newTenant('Generated');
  const { api, tenantId } = tenant;
  const types = (await readWholeList(api, `/tenants/${tenantId}/policy-types`)).length;
  const { listRequests } = await seedPolicies(bench, tenantId, generatedCount, types);
  // A worker's first work loads code and tokens, so it is not measured.
  await runAll(sample, syncPath);
  const small = await measureWork(bench, sample, syncPath);
  const large = await measureWork(bench, tenant, syncPath);
  const policies = await readWholeList<{ id: string }>(api, `/tenants/${tenantId}/policies`);
  if (policies.length !== generatedCount) throw new Error(`${policies.length} policies are listed`);
  const rows = [
    secondsRow('sync of the sample tenant', small, types),
    secondsRow(`sync of ${generatedCount} policies`, large, listRequests),
    ...(await historyRows(bench, 'sync', large.runs[0], null)),
    ...memoryRows(`sync of ${generatedCount} policies`, large, small, 'of the sample tenant'),
  ];
  return { rows, generated: { tenant, policyIds: policies.map(({ id }) => id) } };
}
