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

/** The options of a backup; an addition to a set does not have all of them. */
type BackupOptions = Partial<ParametersOf<'backup_set.create'>>;

/** The work of a backup run and its target set. */
export interface BackupOfRun extends BackupPlan {
  readonly tenantId: string;
  /** Policies chosen by id. */
  readonly policyIds: readonly string[];
  /** Types with all their policies. */
  readonly types: readonly PolicyType[];
  /** True if the run also captures the objects that captured policies refer to. */
  readonly followReferences: boolean;
  readonly assignments: 'read' | 'omit';
}

/** Reads the work of a backup run from its row. @throws ApplicationFailure if the run is no backup. */
export async function backupOfRun(db: Kysely<Database>, runId: string): Promise<BackupOfRun> {
  const { tenant_id: tenantId } = await runOf(db, runId);
  const run = await inTenant(db, tenantId, (trx) => findRunById(trx, runId));
  const backup = run === undefined ? undefined : backupOf(run);
  if (backup === undefined) throw permanentFailure('internal_error', { runId });
  return backup;
}

/** Returns the part of a type, by the service that answers for it. */
export function partOf({ collection }: PolicyType): BackupPart {
  return collection.startsWith('/identity') ? 'identity' : 'intune';
}

/** Returns the parts of a backup. The first part plans the policies chosen by id. */
export function partsOf({ policyIds, types }: BackupOfRun): BackupPart[] {
  const parts = new Set<BackupPart>(policyIds.length > 0 ? ['intune'] : []);
  for (const type of types) parts.add(partOf(type));
  return [...parts];
}

/** Returns the work of a run; undefined if the run is no backup. */
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
    // A snapshot without assignments says nothing about them, and must not stand for one with them, or vice versa.
    reuseUnchanged: parameters.full !== true && parameters.includeAssignments !== false,
  };
}
