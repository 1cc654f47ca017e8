import { daysFromNow } from '#api/http/days-from-now.ts';
import { notFound } from '#api/http/problem.ts';
import type { Answer } from '#api/http/route.ts';
import { requireFinishedSet } from '#api/restore/restore-source.ts';
import type { Starting } from '#api/restore/start-restore.ts';
import { startRun } from '#api/run/start-run.ts';
import { insertArchive } from '#db/archive/archives.ts';
import { type BackupSetSummary, lockBackupSetForUse } from '#db/backup/backup-sets.ts';
import { type ExportFormat, exportPolicies } from '#domain/run/work.ts';

/** Starts the export of a backup set. Throws Problem 409 where no run has finished the set, 404 where it has just gone. */
export async function startExport(
  { deps, caller, tenantId }: Starting,
  set: BackupSetSummary,
  format: ExportFormat,
): Promise<Answer> {
  requireFinishedSet(set);
  const expiresAt = daysFromNow(deps.config.EXPORT_RETENTION_DAYS);
  const work = exportPolicies(tenantId, set.id, format);
  return startRun(deps, caller, work, async (trx, { id }) => {
    if (!(await lockBackupSetForUse(trx, set.id))) throw notFound();
    await insertArchive(trx, { id, kind: 'export', expiresAt });
  });
}
