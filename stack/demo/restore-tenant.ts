import { readWholeList, type ApiClient } from '../api-client.ts';
import type { Log } from '../progress.ts';
import type {
  BackupItem,
  BackupSet,
  FinishedRun,
  PolicyTypeEntry,
  Preview,
  Run,
} from './api-types.ts';
import { damageTenant } from './damage-tenant.ts';
import { runToEnd } from './run-to-end.ts';
import { table } from './table.ts';

/** The steps of the demo's restore. */
export interface RestoredTenant {
  runs: FinishedRun[];
  preview: Preview;
  /** The differences from the backup after the restore. */
  drift: Preview;
}

/**
 * Damages a tenant, previews its restore, executes that preview, and compares the tenant with its
 * backup.
 */
export async function restoreTenant(
  api: ApiClient,
  simulatorUrl: string,
  tenantId: string,
  { id: backupSetId }: Pick<BackupSet, 'id'>,
  log: Log,
): Promise<RestoredTenant> {
  const base = `/tenants/${tenantId}`;
  const items = await readWholeList<BackupItem>(api, `${base}/backup-sets/${backupSetId}/items`);
  const types = await readWholeList<PolicyTypeEntry>(api, `${base}/policy-types`);
  const collections = new Map(types.map(({ type, collection }) => [type, collection]));
  await damageTenant(simulatorUrl, tenantId, items, collections, log);
  const sayProgress = ({ progress }: Run) => log(progress?.message ?? 'waiting for a worker');
  log('previewing the restore');
  const planned = await runToEnd(api, tenantId, '/restore-previews', { backupSetId }, sayProgress);
  const preview = await api.call<Preview>('GET', `${base}/runs/${planned.run.id}/preview`);
  log('restoring what the preview showed');
  const request = { backupSetId, previewRunId: planned.run.id };
  const restored = await runToEnd(api, tenantId, '/restores', request, sayProgress);
  log('comparing the tenant with its backup');
  const compared = await runToEnd(api, tenantId, '/drift-checks', { backupSetId }, sayProgress);
  const drift = await api.call<Preview>('GET', `${base}/runs/${compared.run.id}/preview`);
  return { runs: [planned, restored, compared], preview, drift };
}

/** Formats the preview's changes, item by item. */
export function describePreview({ items }: Preview): string[] {
  const rows = items
    .filter(({ action }) => action !== 'none')
    .map(({ policyType, displayName, action, changes, blockedBy }) => [
      ...[policyType, displayName, action],
      ...[`${changes.length}`, blockedBy?.code ?? ''],
    ]);
  return table(['type', 'item', 'preview', 'changes', 'blocked by'], rows);
}

/** Returns one sentence per mistake: every restorable object must be as before the damage. */
export function problemsOfRestore({ runs, preview, drift }: RestoredTenant): string[] {
  const [planned, restored] = runs;
  const blocked = preview.items.filter(({ action }) => action === 'blocked').length;
  const wanted = blocked === 0 ? 'succeeded' : 'partial';
  const left = drift.items.filter(({ action }) => action === 'create' || action === 'update');
  const touched = preview.items.filter(({ action }) => action === 'create' || action === 'update');
  return [
    ...(planned?.run.status === 'succeeded' ? [] : ['The preview has not succeeded']),
    ...(restored?.run.status === wanted ? [] : [`The restore is ${restored?.run.status ?? ''}`]),
    ...(touched.length === 0 ? ['The preview found nothing to restore'] : []),
    ...left.map(({ policyType, displayName }) => `${policyType} ${displayName} is not as it was`),
  ];
}
