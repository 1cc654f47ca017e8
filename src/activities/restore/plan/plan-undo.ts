import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { inTenant } from '#db/database.ts';
import { insertRestoreItems, type NewRestoreItem } from '#db/restore/new-restore-items.ts';
import { listUndoableItems, type UndoableItem } from '#db/restore/undoable-items.ts';
import { recordItemFailures } from '#db/run/run-items.ts';
import { lockRunById } from '#db/run/runs.ts';
import { failure } from '#domain/run/failure.ts';
import { isTerminal } from '#domain/run/run.ts';
import type { RestoreOfRun, RestoreSource } from './restore-of-run.ts';

/**
 * Plans the items of an undo. It restores changed objects from the snapshots of the restore, in its order. If
 * requested, it then deletes created objects in reverse order, because policies refer to objects created before them.
 */
export async function planUndo(
  { db }: Pick<ActivityDeps, 'db'>,
  { tenantId, runId }: Pick<RestoreOfRun, 'tenantId' | 'runId'>,
  { runId: restoreRunId, deleteCreated }: Extract<RestoreSource, { from: 'run' }>,
): Promise<void> {
  await inTenant(db, tenantId, async (trx) => {
    const run = await lockRunById(trx, runId);
    if (run === undefined || isTerminal(run.status) || run.total > 0) return;
    const written = await listUndoableItems(trx, restoreRunId);
    const changed = written.filter(({ sha256 }) => sha256 !== null);
    const made = written.filter(({ sha256 }) => sha256 === null).toReversed();
    const last = Math.max(0, ...written.map(({ group }) => group));
    await insertRestoreItems(trx, runId, [
      ...changed.map((item) => itemOf(tenantId, item, item.group, null)),
      ...made.map((item) =>
        itemOf(tenantId, item, last + 1 + last - item.group, {
          action: 'delete',
          liveHash: item.writtenHash,
        }),
      ),
    ]);
    if (deleteCreated) return;
    const left = made.map(({ itemId, graphId }) => {
      const error = failure('created_by_restore', { graphId });
      return { itemId, outcome: 'skipped', error } as const;
    });
    await recordItemFailures(trx, runId, left);
  });
}

function itemOf(
  tenantId: string,
  item: UndoableItem,
  group: number,
  planned: NewRestoreItem['planned'],
): NewRestoreItem {
  return {
    itemId: item.itemId,
    backupItemId: item.backupItemId,
    policyType: item.policyType,
    displayName: item.displayName,
    sourceTenantId: tenantId,
    sourceGraphId: item.graphId,
    sha256: item.sha256,
    group,
    targetGraphId: item.graphId,
    targetFoundBy: 'id',
    targetCandidates: 0,
    planned,
  };
}
