import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { archiveBytes, insertWholeArchive } from '#db/archive/archive-bytes.ts';
import { findArchiveById, insertArchive } from '#db/archive/archives.ts';
import { findBackupSetById, listBackupSetItems } from '#db/backup/backup-sets.ts';
import { inTenant } from '#db/database.ts';
import type { RunRow } from '#db/tables.ts';
import type { ExportFormat } from '#domain/run/operation.ts';
import { exportPolicies, importPolicies } from '#domain/run/run-requests.ts';
import { startBackup } from '#test/support/backups.ts';
import { initiator, type Kernel, testCipher } from '#test/support/kernel.ts';
import { untilEnded } from '#test/support/runs.ts';

const tomorrow = () => new Date(Date.now() + 86_400_000);

/** Backs up the settings catalog and the tags of a tenant, and returns the id of the set. */
export async function backUp(kernel: Kernel, tenantId: string): Promise<string> {
  const types = ['settingsCatalogPolicy', 'scopeTag'];
  const { run, backupSetId } = await startBackup(kernel, tenantId, { name: 'Whole', types });
  await untilEnded(kernel.database, run);
  return backupSetId;
}

/** Starts an export as the API does. */
export async function startExport(
  kernel: Kernel,
  tenantId: string,
  backupSetId: string,
  format: ExportFormat,
): Promise<{ run: RunRow; reused: boolean }> {
  const work = exportPolicies(tenantId, backupSetId, format);
  return kernel.runs.start(work, initiator, (trx, { id }) =>
    insertArchive(trx, { id, kind: 'export', expiresAt: tomorrow() }),
  );
}

/** Exports a set and returns the zip. */
export async function exportSet(
  kernel: Kernel,
  tenantId: string,
  backupSetId: string,
  format: ExportFormat,
): Promise<{ run: RunRow; zip: Buffer }> {
  const { run } = await startExport(kernel, tenantId, backupSetId, format);
  const ended = await untilEnded(kernel.database, run);
  const archive = await inTenant(kernel.database.app.db, tenantId, (trx) =>
    findArchiveById(trx, run.id),
  );
  const chunks: Buffer[] = [];
  if (archive?.complete === true) {
    const stored = archiveBytes(kernel.database.app.db, testCipher, archive);
    for await (const chunk of stored) chunks.push(chunk);
  }
  return { run: ended, zip: Buffer.concat(chunks) };
}

/** Starts an import as the API does. */
export function startImport(
  kernel: Kernel,
  tenantId: string,
  zip: Buffer,
): Promise<{ run: RunRow; reused: boolean }> {
  const sha256 = createHash('sha256').update(zip).digest('hex');
  const archive = { kind: 'import', expiresAt: tomorrow() } as const;
  return kernel.runs.start(importPolicies(tenantId, uuidv7(), sha256), initiator, (trx, { id }) =>
    insertWholeArchive(trx, testCipher, { ...archive, id }, zip),
  );
}

/** Imports a zip and returns the ended run. */
export async function importZip(kernel: Kernel, tenantId: string, zip: Buffer): Promise<RunRow> {
  const { run } = await startImport(kernel, tenantId, zip);
  return untilEnded(kernel.database, run);
}

/** A set with its items in order: type, Graph id and hash. */
export function readSet(kernel: Kernel, tenantId: string, backupSetId: string) {
  return inTenant(kernel.database.app.db, tenantId, async (trx) => {
    const set = await findBackupSetById(trx, backupSetId);
    const page = { limit: 10_000, before: null };
    const { rows } = await listBackupSetItems(trx, backupSetId, page);
    const items = rows.map((row) => ({
      type: row.policy_type,
      graphId: row.graph_id,
      policyId: row.policy_id,
      displayName: row.display_name,
      sha256: row.sha256.toString('hex'),
      warnings: row.snapshot_warnings,
    }));
    const keyOf = (item: (typeof items)[number]) => `${item.type} ${item.graphId}`;
    return { set, items: items.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)) };
  });
}
