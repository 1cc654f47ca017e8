import { requireFinishedSet } from '#api/backup/require-finished-set.ts';
import { daysFromNow } from '#api/http/days-from-now.ts';
import { notFound } from '#api/http/problem.ts';
import type { Answer } from '#api/http/route.ts';
import { type Starting, startRun } from '#api/run/start-run.ts';
import { insertArchive } from '#db/archive/archives.ts';
import { type BackupSetSummary, lockBackupSetForUse } from '#db/backup/backup-sets.ts';
import type { ExportFormat } from '#domain/run/operation.ts';
import { exportPolicies } from '#domain/run/run-requests.ts';

/** Starts the export of a backup set. @throws Problem 409 for an unfinished set, 404 for a set that is just gone. */
export async function startExport(
  { deps, caller, tenantId }: Starting,
  set: BackupSetSummary,
  format: ExportFormat,
): Promise<Answer> {
  requireFinishedSet(set);
  const expiresAt = daysFromNow(deps.config.EXPORT_RETENTION_DAYS);
  const request = exportPolicies(tenantId, set.id, format);
  return startRun(deps, caller, request, async (trx, { id }) => {
    if (!(await lockBackupSetForUse(trx, set.id))) throw notFound();
    await insertArchive(trx, { id, kind: 'export', expiresAt });
  });
}
