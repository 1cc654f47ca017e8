import { requireFinishedSet } from '#api/backup/require-finished-set.ts';
import { requireOwnPolicies } from '#api/backup/backup-selection.ts';
import type { ApiDependencies } from '#api/http/dependencies.ts';
import { readChosenSource, unknownBackupSet } from '#api/restore/restore-source.ts';
import { lockBackupSetForUse } from '#db/backup/backup-sets.ts';
import type { TenantTrx } from '#db/database.ts';
import type { ScheduleDefinition } from '#db/schedule/schedules.ts';

/**
 * Checks that the tenant has the policies or the backup set of a schedule.
 * @throws Problem with the missing ids or the state of the set.
 */
export async function requireOwnSubject(
  deps: ApiDependencies,
  tenantId: string,
  definition: ScheduleDefinition,
): Promise<void> {
  if ('backupSetId' in definition) {
    const { backupSetId } = definition;
    requireFinishedSet(await readChosenSource(deps, tenantId, { backupSetId }));
  } else {
    const { policyIds } = definition.selection;
    await requireOwnPolicies(deps, tenantId, policyIds, 'selection.policyIds');
  }
}

/**
 * Locks the backup set of a schedule until the transaction ends: retention either sees the schedule, or has begun to
 * delete the set.
 * @throws Problem in the latter case.
 */
export async function holdSubject(trx: TenantTrx, definition: ScheduleDefinition): Promise<void> {
  if (!('backupSetId' in definition)) return;
  const { backupSetId } = definition;
  if (!(await lockBackupSetForUse(trx, backupSetId))) throw unknownBackupSet(backupSetId);
}
