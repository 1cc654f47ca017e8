import type { Kysely } from 'kysely';
import { permanentFailure } from '#activities/runtime/activity-failure.ts';
import { runOf } from '#activities/runtime/run-of.ts';
import type { BackupPlan } from '#db/backup/backup-candidates.ts';
import { inTenant } from '#db/database.ts';
import { findRunById } from '#db/run/runs.ts';
import type { Database, RunRow } from '#db/tables.ts';
import { findPolicyType, policyTypes } from '#domain/policy-types/catalogue.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import type { BackupPart } from '#domain/run/activity-types.ts';
import { operationThat } from '#domain/run/operation.ts';
import { type ParametersOf, safeParametersOf } from '#domain/run/run-parameters.ts';

/** The options that a backup has if it is asked for with them; an addition to a set does not have all of them. */
type BackupOptions = Partial<ParametersOf<'backup_set.create'>>;

/** What a run is to back up, and where to. */
export interface BackupOfRun extends BackupPlan {
  readonly tenantId: string;
  /** Policies that were chosen one by one. */
  readonly policyIds: readonly string[];
  /** Types of which everything is taken. */
  readonly types: readonly PolicyType[];
  /** Whether what the captured policies refer to is captured, too. */
  readonly followReferences: boolean;
  readonly assignments: 'read' | 'omit';
}

/** Reads from its row what a run is to back up. Throws ApplicationFailure where the run is no backup. */
export async function backupOfRun(db: Kysely<Database>, runId: string): Promise<BackupOfRun> {
  const { tenant_id: tenantId } = await runOf(db, runId);
  const run = await inTenant(db, tenantId, (trx) => findRunById(trx, runId));
  const backup = run === undefined ? undefined : backupOf(run);
  if (backup === undefined) throw permanentFailure('internal_error', { runId });
  return backup;
}

/** Of which part a type is, by the service that answers for it. */
export function partOf({ collection }: PolicyType): BackupPart {
  return collection.startsWith('/identity') ? 'identity' : 'intune';
}

/** Takes a backup and returns the parts that it has; policies chosen one by one are planned with the first. */
export function partsOf({ policyIds, types }: BackupOfRun): BackupPart[] {
  const parts = new Set<BackupPart>(policyIds.length > 0 ? ['intune'] : []);
  for (const type of types) parts.add(partOf(type));
  return [...parts];
}

/** Takes the row of a run and returns what it is to back up; undefined where the run is no backup. */
export function backupOf(run: RunRow): BackupOfRun | undefined {
  const { operation_type: operation } = run;
  if (!operationThat('listsForBackup', operation)) return undefined;
  const parameters: BackupOptions | undefined = safeParametersOf(operation, run.parameters);
  if (run.target_id === null || parameters === undefined) return undefined;
  const chosen = (parameters.types ?? []).flatMap((type) => findPolicyType(type) ?? []);
  const foundations = policyTypes.filter(
    (type) => type.foundation && parameters.includeFoundations === true,
  );
  return {
    runId: run.id,
    tenantId: run.tenant_id,
    backupSetId: run.target_id,
    policyIds: parameters.policyIds ?? [],
    types: parameters.all === true ? policyTypes : [...new Set([...chosen, ...foundations])],
    followReferences: parameters.includeFoundations === true,
    assignments: parameters.includeAssignments === false ? 'omit' : 'read',
    // A snapshot without assignments says nothing about them, nor may one with them stand for one without.
    reuseUnchanged: parameters.full !== true && parameters.includeAssignments !== false,
  };
}
