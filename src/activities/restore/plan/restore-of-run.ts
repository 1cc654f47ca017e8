import type { Kysely } from 'kysely';
import { z } from 'zod';
import { permanentFailure } from '#activities/runtime/activity-failure.ts';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { runOf } from '#activities/runtime/run-of.ts';
import { inTenant } from '#db/database.ts';
import { findRunById } from '#db/run/runs.ts';
import type { Database, RunRow } from '#db/tables.ts';
import type { RestoreOptions } from '#domain/restore/plan.ts';
import type { OperationType } from '#domain/run/operation.ts';
import type { GraphReader } from '#graph/port/graph-reader.ts';

/** The parameters of a restore, its preview or a drift check, as rows keep them. */
const fromSetSchema = z.object({
  backupSetId: z.string(),
  sourceTenantId: z.string().nullish(),
  itemIds: z.array(z.string()).nullish(),
  groupMapping: z.record(z.string(), z.string()).nullish(),
  previewRunId: z.string().nullish(),
  allowBroadAssignments: z.boolean().nullish(),
  conditionalAccessState: z.literal('asBackedUp').nullish(),
});

const undoSchema = z.object({ runId: z.string(), deleteCreated: z.boolean().nullish() });

/** What a run restores, and from where. */
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
  /** The snapshots that another restore has taken before it wrote. */
  | { readonly from: 'run'; readonly runId: string; readonly deleteCreated: boolean };

/** A restore, a preview, a drift check or an undo, as its row says. */
export interface RestoreOfRun {
  readonly runId: string;
  readonly tenantId: string;
  readonly operationType: OperationType;
  readonly source: RestoreSource;
  readonly options: RestoreOptions;
  /** Whether the plan is to be carried out. */
  readonly writes: boolean;
  readonly cancelRequested: boolean;
}

/** Reads from its row what a run is to restore. Throws ApplicationFailure where the run is none that restores. */
export async function restoreOfRun(db: Kysely<Database>, runId: string): Promise<RestoreOfRun> {
  const { tenant_id: tenantId } = await runOf(db, runId);
  const run = await inTenant(db, tenantId, (trx) => findRunById(trx, runId));
  const restore = run === undefined ? undefined : restoreOf(run);
  if (restore === undefined) throw permanentFailure('internal_error', { runId });
  return restore;
}

/** The reader that a restore is planned with: somebody waits for it, but not for the comparison of a schedule. */
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
  if (run.operation_type === 'restore.undo') {
    const { data } = undoSchema.safeParse(run.parameters);
    if (data === undefined) return undefined;
    const source = { from: 'run', runId: data.runId, deleteCreated: data.deleteCreated ?? false };
    // What was there before was there with the assignments and the state that it had.
    const options = { allowBroadAssignments: true, conditionalAccessState: 'asBackedUp' } as const;
    return { ...common, source: { ...source, from: 'run' }, options, writes: true };
  }
  const { data } = fromSetSchema.safeParse(run.parameters);
  if (data === undefined) return undefined;
  const groups = Object.entries(data.groupMapping ?? {});
  return {
    ...common,
    writes: run.operation_type === 'restore.execute',
    source: {
      from: 'set',
      tenantId: data.sourceTenantId ?? run.tenant_id,
      backupSetId: data.backupSetId,
      itemIds: data.itemIds ?? null,
      groupMapping: new Map(groups.map(([from, to]) => [from.toLowerCase(), to.toLowerCase()])),
      previewRunId: data.previewRunId ?? null,
    },
    options: {
      allowBroadAssignments: data.allowBroadAssignments ?? false,
      conditionalAccessState:
        // A drift of the state is a drift, too.
        data.conditionalAccessState ?? (run.operation_type === 'drift.check' ? 'asBackedUp' : null),
    },
  };
}
