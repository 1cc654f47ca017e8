import { findBackupSetById, listBackupSetItems } from '#db/backup/backup-sets.ts';
import type { BackupItemRow } from '#db/backup/backup-sets.ts';
import { inTenant } from '#db/database.ts';
import { listPolicies } from '#db/inventory/policies.ts';
import { readSnapshotContent } from '#db/snapshot/snapshots.ts';
import type { PolicyRow, RunItemRow, RunRow } from '#db/tables.ts';
import { type Manifest, unfinishedManifest } from '#domain/backup/manifest.ts';
import { addPolicies, type BackupRequest } from '#domain/run/run-requests.ts';
import { startBackup } from '#test/support/backups.ts';
import { initiator, type Kernel, testCipher } from '#test/support/kernel.ts';
import { readItems, untilEnded } from '#test/support/runs.ts';
import { graphCalls, type GraphCall } from './graph-calls.ts';

/** An ended backup run with its set. */
export interface Backup {
  readonly backupSetId: string;
  readonly run: RunRow;
  readonly items: readonly RunItemRow[];
  readonly manifest: Manifest;
  readonly held: readonly BackupItemRow[];
}

const allRows = { limit: 100_000, before: null };

/** A backup set: its manifest and its items. */
export async function readBackupSet(
  kernel: Kernel,
  tenantId: string,
  backupSetId: string,
): Promise<Pick<Backup, 'backupSetId' | 'manifest' | 'held'>> {
  return inTenant(kernel.database.app.db, tenantId, async (trx) => {
    const set = await findBackupSetById(trx, backupSetId);
    const { rows: held } = await listBackupSetItems(trx, backupSetId, allRows);
    return { backupSetId, manifest: set?.manifest ?? unfinishedManifest, held };
  });
}

/** Waits for the end of a backup run. */
export async function backupOf(kernel: Kernel, started: RunRow): Promise<Backup> {
  const run = await untilEnded(kernel.database, started, 60);
  const set = await readBackupSet(kernel, run.tenant_id, run.target_id ?? '');
  return { ...set, run, items: await readItems(kernel.database, run) };
}

/** Backs up a tenant, whole unless the request chooses. */
export async function backUp(
  kernel: Kernel,
  tenantId: string,
  request: Partial<BackupRequest> = {},
): Promise<Backup> {
  const { run } = await startBackup(kernel, tenantId, request);
  return backupOf(kernel, run);
}

/** Adds policies to a set. */
export async function addToSet(
  kernel: Kernel,
  tenantId: string,
  backupSetId: string,
  request: { policyIds: readonly string[]; includeFoundations?: boolean },
): Promise<Backup> {
  const work = addPolicies(tenantId, backupSetId, request);
  const { run } = await kernel.runs.start(work, initiator);
  return backupOf(kernel, run);
}

/** Returns the manifest of a type without zeros. */
export function ofType({ manifest }: Pick<Backup, 'manifest'>, type: string): object | undefined {
  const entry = manifest.types.find((one) => one.type === type);
  if (entry === undefined) return undefined;
  const { type: _type, ...counts } = entry;
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

/** The inventory of a tenant. */
export function inventory(kernel: Kernel, tenantId: string): Promise<PolicyRow[]> {
  return inTenant(kernel.database.app.db, tenantId, async (trx) => {
    const { rows } = await listPolicies(trx, {}, allRows);
    return rows;
  });
}

/** Records the calls to a tenant's Graph during some work: members of batches, not their envelopes. */
export async function callsDuring<T>(
  kernel: Kernel,
  tenantId: string,
  work: () => Promise<T>,
): Promise<{ result: T; calls: GraphCall[] }> {
  const before = (await graphCalls(kernel, tenantId)).at(-1)?.seq ?? 0;
  const result = await work();
  const calls = await graphCalls(kernel, tenantId);
  return {
    result,
    calls: calls.filter(({ seq, path }) => seq > before && !path.endsWith('$batch')),
  };
}

/** The parsed content of the snapshot of an item. */
export async function readSnapshot(
  kernel: Kernel,
  tenantId: string,
  item: BackupItemRow | undefined,
): Promise<{ content: SnapshotContent; document: string }> {
  if (item === undefined) throw new Error('the set holds no such item');
  const document = await inTenant(kernel.database.app.db, tenantId, (trx) =>
    readSnapshotContent(trx, testCipher, item.sha256),
  );
  return { document, content: JSON.parse(document) as SnapshotContent };
}

/** The parsed content of a snapshot. */
export interface SnapshotContent {
  readonly item: Readonly<Record<string, unknown>>;
  readonly children: Readonly<Record<string, unknown>>;
  readonly assignments: readonly unknown[] | null;
}
