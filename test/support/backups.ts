import { v7 as uuidv7 } from 'uuid';
import { insertBackupSet } from '#db/backup/backup-sets.ts';
import type { RunRow } from '#db/tables.ts';
import { type BackupRequest, createBackupSet } from '#domain/run/run-requests.ts';
import { initiator, type Kernel } from './kernel.ts';

/** Starts the backup of a tenant like the API: with a new set, or by joining the active run. */
export async function startBackup(
  kernel: Pick<Kernel, 'runs'>,
  tenantId: string,
  request: Partial<BackupRequest> = {},
): Promise<{ run: RunRow; reused: boolean; backupSetId: string }> {
  const id = uuidv7();
  const { name = 'A backup', ...selection } = request;
  const chosen = Object.keys(selection).some((key) => ['policyIds', 'types', 'all'].includes(key));
  const work = createBackupSet(tenantId, id, {
    name,
    ...selection,
    ...(chosen ? {} : { all: true }),
  });
  const started = await kernel.runs.start(work, initiator, (trx) =>
    insertBackupSet(trx, {
      ...{ id, name, origin: 'backup', scheduleId: null, createdBy: initiator },
    }),
  );
  return { ...started, backupSetId: started.run.target_id ?? '' };
}
