import type { BenchStack, BenchTenant } from './bench-stack.ts';
import { seedPolicies } from './generated-policies.ts';
import { benchThrottle, writeFloorSeconds } from './graph-floor.ts';
import { type GraphRequests, withGraphRequests } from './graph-requests.ts';
import { measureBackup } from './measured-backup.ts';
import { historyRows, type MeasuredWork, measureWork } from './measured-work.ts';
import type { BenchRow } from './row.ts';
import { unusedWritePercent } from './unused-writes.ts';

/** Enough policies to use Graph's write limit for about a minute. */
const policies = 200;
const policyType = 'settingsCatalogPolicy';
const collection = '/deviceManagement/configurationPolicies';
/** A deleted policy is created, settings included, and then assigned. */
const writesPerPolicy = 2;
const floorRatioMax = 1.15;
/** A restore uses at least nine tenths of Graph's write limit as long as it has writes left. */
const unusedPercentMax = 10;
const throttledPercentMax = 5;
/** The design's budget of events for a restore of so many policies. */
const historyEventsMax = 8 * policies + 60;

/** Measures a restore of deleted policies under Graph's write limit, which determines its time. */
export async function measureRestores(bench: BenchStack): Promise<BenchRow[]> {
  const tenant = await bench.newTenant('Restored');
  await seedPolicies(bench, tenant.tenantId, policies, 1);
  const backup = await measureBackup(bench, tenant, 'Before', { types: [policyType] });
  for (const { graphId } of backup.items) {
    const order = { path: collection, id: graphId, delete: true };
    await bench.control('POST', `/tenants/${tenant.tenantId}/mutate`, order);
  }
  const { result: work, requests } = await withGraphRequests(bench, tenant, () =>
    measureWork(bench, tenant, ['/restores'], { backupSetId: backup.runs[0]?.target?.id }),
  );
  await assertRestored(bench, tenant);
  return [
    ...restoreRows(work, requests),
    ...(await historyRows(bench, 'restore', work.runs[0], historyEventsMax)),
  ];
}

/** A missing or doubled policy makes every number worthless. */
async function assertRestored(bench: BenchStack, { tenantId }: BenchTenant): Promise<void> {
  const objects = (await bench.control('GET', `/tenants/${tenantId}/objects`)) as {
    readonly path: string;
    readonly body: { readonly name?: string };
  }[];
  const found = objects.filter(({ path }) => path === collection);
  const names = new Set(found.map(({ body }) => body.name));
  if (found.length === policies && names.size === policies) return;
  throw new Error(`there are ${found.length} policies of ${names.size} names, not ${policies}`);
}

function restoreRows(work: MeasuredWork, requests: GraphRequests): BenchRow[] {
  const name = `restore of ${policies} deleted policies`;
  const needed = policies * writesPerPolicy;
  const { writes, windowSeconds } = benchThrottle;
  const { total, throttled, writesAtMs } = requests;
  return [
    {
      ...{ name: `${name} against the write limit`, unit: 's', value: work.seconds },
      baseline: {
        value: writeFloorSeconds(needed),
        what: `${needed} writes, ${writes} in ${windowSeconds} s`,
      },
      goal: floorRatioMax,
    },
    {
      name: `${name}: write limit unused while anything is left`,
      ...{ unit: '% of the limit', value: unusedWritePercent(writesAtMs), baseline: null },
      goal: unusedPercentMax,
    },
    {
      ...{ name: `${name}: writes`, unit: 'writes', value: writesAtMs.length, goal: 1 },
      baseline: { value: needed, what: 'one to make each, one to assign it' },
    },
    {
      ...{ name: `${name}: requests`, unit: 'requests', value: total, baseline: null, goal: null },
    },
    {
      ...{ name: `${name}: answered 429`, unit: '% of requests', baseline: null },
      ...{ value: (100 * throttled) / total, goal: throttledPercentMax },
    },
  ];
}
