import { v7 as uuidv7 } from 'uuid';
import { notFound } from '#api/http/problem.ts';
import type { Answer } from '#api/http/route.ts';
import { type Starting, startRun } from '#api/run/start-run.ts';
import { insertBackupSet, lockBackupSetForUse } from '#db/backup/backup-sets.ts';
import {
  type AdditionRequest,
  addPolicies,
  type BackupRequest,
  createBackupSet,
} from '#domain/run/run-requests.ts';
import { requireOwnPolicies } from './backup-selection.ts';

/** Starts a backup into a new set. @throws Problem 400 naming policies of other tenants. */
export async function startBackup(
  { deps, caller, tenantId }: Starting,
  request: BackupRequest,
): Promise<Answer> {
  await requireOwnPolicies(deps, tenantId, request.policyIds, 'policyIds');
  const backupSetId = uuidv7();
  const createdBy = { id: caller.principalId, displayName: caller.displayName };
  const { name } = request;
  return startRun(deps, caller, createBackupSet(tenantId, backupSetId, request), (trx) =>
    insertBackupSet(trx, {
      ...{ id: backupSetId, name, origin: 'backup', scheduleId: null, createdBy },
    }),
  );
}

/** Starts a backup into an existing set. @throws Problem as {@link startBackup}, and 404 for a missing set. */
export async function startAddition(
  { deps, caller, tenantId }: Starting,
  backupSetId: string,
  request: AdditionRequest,
): Promise<Answer> {
  await requireOwnPolicies(deps, tenantId, request.policyIds, 'policyIds');
  return startRun(deps, caller, addPolicies(tenantId, backupSetId, request), async (trx) => {
    if (!(await lockBackupSetForUse(trx, backupSetId))) throw notFound();
  });
}
