import type { BenchStack, BenchTenant } from './bench-stack.ts';
import { type MeasuredBackup, measureBackup } from './measured-backup.ts';
import type { BenchRow } from './row.ts';

const changedPolicies = 10;
const changedType = 'settingsCatalogPolicy';
const changedPath = '/deviceManagement/configurationPolicies';
const requestsRatioMax = 0.15;

/**
 * Measures a backup after changes to a few policies against the first backup. Throws unless its content equals that
 * of a full backup.
 */
export async function nightlyRows(
  bench: BenchStack,
  tenant: BenchTenant,
  first: MeasuredBackup,
): Promise<BenchRow[]> {
  const catalog = first.items.filter(({ policyType }) => policyType === changedType);
  for (const { graphId } of catalog.slice(0, changedPolicies)) {
    const change = { path: changedPath, id: graphId, set: { description: 'Changed overnight' } };
    await bench.control('POST', `/tenants/${tenant.tenantId}/mutate`, change);
  }
  const nightly = await measureBackup(bench, tenant, 'Nightly');
  const full = await measureBackup(bench, tenant, 'Full', { full: true });
  if (nightly.contentHash !== full.contentHash) {
    throw new Error('the nightly backup does not hold what a full one holds');
  }
  const name = `nightly backup of ${first.items.length} policies, ${changedPolicies} changed`;
  return [
    {
      ...{ name: `${name}: requests`, unit: 'requests', value: nightly.requests.total },
      baseline: { value: full.requests.total, what: 'the same in full' },
      goal: requestsRatioMax,
    },
    {
      ...{ name, unit: 's', value: nightly.seconds, goal: null },
      baseline: { value: full.seconds, what: 'the same in full' },
    },
  ];
}
