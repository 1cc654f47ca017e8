import { readWholeList, type ApiClient } from '../api-client.ts';
import type { Log } from '../progress.ts';
import type { BackupSet, FinishedRun, Policy, Run } from './api-types.ts';
import { runToEnd } from './run-to-end.ts';

/** The demo's runs, the backup set, and the inventory at the end. */
export interface BackedUpTenant {
  runs: FinishedRun[];
  backupSet: BackupSet;
  policies: Policy[];
}

/** Syncs the inventory of a tenant, then captures all of it as a backup set. */
export async function backUpTenant(
  api: ApiClient,
  tenantId: string,
  log: Log,
): Promise<BackedUpTenant> {
  log('syncing the inventory');
  const sync = await runToEnd(api, tenantId, '/inventory-syncs');
  log('backing up everything');
  const sayProgress = ({ progress }: Run) => log(progress?.message ?? 'waiting for a worker');
  const request = { name: 'Demo', all: true };
  const backup = await runToEnd(api, tenantId, '/backup-sets', request, sayProgress);
  const setPath = `/tenants/${tenantId}/backup-sets/${backup.run.target?.id ?? ''}`;
  const backupSet = await api.call<BackupSet>('GET', setPath);
  const policies = await readWholeList<Policy>(api, `/tenants/${tenantId}/policies`);
  return { runs: [sync, backup], backupSet, policies: policies.filter(({ present }) => present) };
}

/** Returns one sentence per mistake: both runs must succeed and the set must have every policy. */
export function problemsOf({ runs, backupSet, policies }: BackedUpTenant): string[] {
  const failed = runs
    .filter(({ run }) => run.status !== 'succeeded')
    .map(({ run }) => `${run.operationType} ${run.id} is ${run.status}: ${run.error?.code ?? ''}`);
  const incomplete = backupSet.manifest.complete ? [] : ['The backup set is not complete'];
  const missing = policies
    .filter(({ lastSnapshotId }) => lastSnapshotId === null)
    .map(({ displayName, policyType }) => `${policyType} ${displayName} has no snapshot`);
  const nothing = policies.length === 0 ? ['The tenant has no policy at all'] : [];
  return [...failed, ...incomplete, ...missing, ...nothing];
}
