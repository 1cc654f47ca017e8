import { readWholeList } from '#stack/api-client.ts';
import type { BenchStack, BenchTenant } from './bench-stack.ts';
import { type GraphRequests, withGraphRequests } from './graph-requests.ts';
import { type MeasuredWork, measureWork } from './measured-work.ts';

export interface BackupItem {
  readonly policyType: string;
  readonly graphId: string;
  readonly snapshotId: string;
}

/** A finished backup of a whole tenant, with its cost. */
export interface MeasuredBackup extends MeasuredWork {
  readonly requests: GraphRequests;
  readonly contentHash: string | null;
  readonly items: readonly BackupItem[];
}

interface BackupSet {
  readonly manifest: { readonly complete: boolean; readonly contentHash: string | null };
}

/** Backs up all of a tenant, or some types of it, under Graph's limits. Throws if the set is incomplete. */
export async function measureBackup(
  bench: BenchStack,
  tenant: BenchTenant,
  name: string,
  options: { readonly full?: boolean; readonly types?: readonly string[] } = {},
): Promise<MeasuredBackup> {
  const body = { name, ...(options.types === undefined ? { all: true } : {}), ...options };
  const { result: work, requests } = await withGraphRequests(bench, tenant, () =>
    measureWork(bench, tenant, ['/backup-sets'], body),
  );
  const path = `/tenants/${tenant.tenantId}/backup-sets/${work.runs[0]?.target?.id}`;
  const { manifest } = await tenant.api.call<BackupSet>('GET', path);
  if (!manifest.complete) throw new Error(`${name} is not complete: ${JSON.stringify(manifest)}`);
  const items = await readWholeList<BackupItem>(tenant.api, `${path}/items`);
  return { ...work, requests, contentHash: manifest.contentHash, items };
}
