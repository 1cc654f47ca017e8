import { readWholeList, type ApiClient } from '../api-client.ts';
import type { Log } from '../progress.ts';
import type { FinishedRun, Policy } from './api-types.ts';
import { forEachParallel } from './for-each-parallel.ts';
import { runToEnd } from './run-to-end.ts';

/** How many captures are under way at once: enough to keep one worker busy. */
const parallelCaptures = 8;

/** How often the demo says how far the captures are. */
const progressIntervalMs = 2_000;

/** What the demo did, and the inventory as it was found and as it stands at the end. */
export interface CapturedTenant {
  runs: FinishedRun[];
  policies: Policy[];
}

/** Syncs the inventory of a tenant, then captures every policy of it, each in a run of its own. */
export async function captureTenant(
  api: ApiClient,
  tenantId: string,
  log: Log,
): Promise<CapturedTenant> {
  log('syncing the inventory');
  const sync = await runToEnd(api, tenantId, '/inventory-syncs');
  const listed = await readPolicies(api, tenantId);
  log(`capturing ${listed.length} policies, ${parallelCaptures} at a time`);
  let done = 0;
  const timer = setInterval(() => log(`captured ${done} of ${listed.length}`), progressIntervalMs);
  try {
    const captures = await forEachParallel(listed, parallelCaptures, async ({ id }) => {
      const finished = await runToEnd(api, tenantId, `/policies/${id}/captures`);
      done += 1;
      return finished;
    });
    return { runs: [sync, ...captures], policies: await readPolicies(api, tenantId) };
  } finally {
    clearInterval(timer);
  }
}

async function readPolicies(api: ApiClient, tenantId: string): Promise<Policy[]> {
  const policies = await readWholeList<Policy>(api, `/tenants/${tenantId}/policies`);
  return policies.filter(({ present }) => present);
}

/** What went wrong, a sentence each; none when every run succeeded and every policy is captured. */
export function problemsOf({ runs, policies }: CapturedTenant): string[] {
  const failed = runs
    .filter(({ run }) => run.status !== 'succeeded')
    .map(({ run }) => `${run.operationType} ${run.id} is ${run.status}: ${run.error?.code ?? ''}`);
  const missing = policies
    .filter(({ lastSnapshotId }) => lastSnapshotId === null)
    .map(({ displayName, policyType }) => `${policyType} ${displayName} has no snapshot`);
  const nothing = policies.length === 0 ? ['The tenant has no policy at all'] : [];
  return [...failed, ...missing, ...nothing];
}
