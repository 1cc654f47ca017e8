import type { Kysely } from 'kysely';
import { permanentFailure } from '#activities/runtime/activity-failure.ts';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { runOf } from '#activities/runtime/run-of.ts';
import { inTenant } from '#db/database.ts';
import { findRunById } from '#db/run/runs.ts';
import type { Database, RunRow } from '#db/tables.ts';
import type { RestoreOptions } from '#domain/restore/plan.ts';
import { operations, operationThat, type OperationType } from '#domain/run/operation.ts';
import { type ParametersOf, safeParametersOf } from '#domain/run/run-parameters.ts';
import type { GraphReader } from '#graph/port/graph-reader.ts';

/** A drift check has only the backup set. */
type RestoreParameters = Pick<ParametersOf<'restore.execute'>, 'backupSetId'> &
  Partial<ParametersOf<'restore.execute'>>;

/** The source of a restore. */
export type RestoreSource =
  | {
      readonly from: 'set';
      readonly tenantId: string;
      readonly backupSetId: string;
      /** Backup item ids; null for all. */
      readonly itemIds: readonly string[] | null;
      /** From groups of the source, in lower case, to groups of the tenant. */
      readonly groupMapping: ReadonlyMap<string, string>;
      readonly previewRunId: string | null;
    }
  /** The snapshots that another restore took before its writes. */
  | { readonly from: 'run'; readonly runId: string; readonly deleteCreated: boolean };

/** A restore, preview, drift check or undo, from its row. */
export interface RestoreOfRun {
  readonly runId: string;
  readonly tenantId: string;
  readonly operationType: OperationType;
  readonly source: RestoreSource;
  readonly options: RestoreOptions;
  /** True if the run writes the plan. */
  readonly writes: boolean;
  readonly cancelRequested: boolean;
}

/** Reads the work of a restore run from its row. @throws ApplicationFailure if the run is no restore. */
export async function restoreOfRun(db: Kysely<Database>, runId: string): Promise<RestoreOfRun> {
  const { tenant_id: tenantId } = await runOf(db, runId);
  const run = await inTenant(db, tenantId, (trx) => findRunById(trx, runId));
  const restore = run === undefined ? undefined : restoreOf(run);
  if (restore === undefined) throw permanentFailure('internal_error', { runId });
  return restore;
}

/** Returns the reader for planning. An administrator waits for a restore, but not for a scheduled comparison. */
export function planningReader(
  { graph }: Pick<ActivityDeps, 'graph'>,
  { tenantId, operationType }: Pick<RestoreOfRun, 'tenantId' | 'operationType'>,
): GraphReader {
  return graph.readerFor(tenantId, operationType === 'drift.check' ? {} : { priority: 'restore' });
}

function restoreOf(run: RunRow): RestoreOfRun | undefined {
  const common = {
    runId: run.id,
    tenantId: run.tenant_id,
    operationType: run.operation_type,
    cancelRequested: run.cancel_requested_at !== null,
  };
  const { operation_type: operation } = run;
  if (!operationThat('plansRestore', operation)) return undefined;
  if (operation === 'restore.undo') {
    const asked = safeParametersOf(operation, run.parameters);
    if (asked === undefined) return undefined;
    const source = { from: 'run', ...asked } as const;
    // An undo restores the earlier assignments and states.
    const options = { allowBroadAssignments: true, conditionalAccessState: 'asBackedUp' } as const;
    return { ...common, source, options, writes: true };
  }
  const asked: RestoreParameters | undefined = safeParametersOf(operation, run.parameters);
  if (asked === undefined) return undefined;
  const groups = Object.entries(asked.groupMapping ?? {});
  return {
    ...common,
    writes: operations[operation].writesToTenant,
    source: {
      from: 'set',
      tenantId: asked.sourceTenantId ?? run.tenant_id,
      backupSetId: asked.backupSetId,
      itemIds: asked.itemIds ?? null,
      groupMapping: new Map(groups.map(([from, to]) => [from.toLowerCase(), to.toLowerCase()])),
      previewRunId: asked.previewRunId ?? null,
    },
    options: {
      allowBroadAssignments: asked.allowBroadAssignments ?? false,
      conditionalAccessState:
        // A changed state is drift, too.
        asked.conditionalAccessState ?? (operation === 'drift.check' ? 'asBackedUp' : null),
    },
  };
}
