import { recordUnplanned } from '#activities/backup/record-unplanned.ts';
import { sealBackupSet } from '#db/backup/backup-manifests.ts';
import type { TenantTrx } from '#db/database.ts';
import { closePendingItems, findFirstFailedItem } from '#db/run/run-items.ts';
import { lockRunById, transitionRun } from '#db/run/runs.ts';
import type { RunRow } from '#db/tables.ts';
import type { RunEnding } from '#domain/run/activity-types.ts';
import { type Failure, failure, isFailureCode } from '#domain/run/failure.ts';
import { operations } from '#domain/run/operation.ts';
import { isTerminal, statusFromCounts } from '#domain/run/run.ts';

/**
 * Ends a run: closes pending items, writes the final status and its notification. A no-op for an ended run. Returns
 * whether this call ended it.
 */
export async function endRun(trx: TenantTrx, runId: string, ending: RunEnding): Promise<boolean> {
  const before = await lockRunById(trx, runId);
  if (before === undefined || isTerminal(before.status)) return false;
  const reason = reasonOf(ending);
  if (reason !== undefined) await recordUnplanned(trx, before, reason.code);
  const leftover = reason ?? failure('internal_error');
  await closePendingItems(trx, runId, {
    outcome: 'skipped',
    error:
      leftover.code === 'canceled' ? leftover : failure('run_failed', { reason: leftover.code }),
  });
  if (operations[before.operation_type].fillsBackupSet && before.target_id !== null) {
    await sealBackupSet(trx, before.target_id, { whole: reason === undefined });
  }
  if (reason !== undefined) {
    const status = reason.code === 'canceled' ? 'canceled' : 'failed';
    await transitionRun(trx, runId, status, status === 'failed' ? reason : undefined);
    return true;
  }
  const counted = await lockRunById(trx, runId);
  const status = statusFromCounts(counted ?? before);
  const error = status === 'failed' ? await errorOfItems(trx, counted ?? before) : undefined;
  await transitionRun(trx, runId, status, error);
  return true;
}

function reasonOf(ending: RunEnding): Failure | undefined {
  if (ending.kind === 'completed') return undefined;
  if (ending.kind === 'canceled') return failure('canceled');
  return failure(ending.failure.code, ending.failure.context);
}

/** Returns the failure of the first failed item, as the reason of a run with only failed items. */
async function errorOfItems(trx: TenantTrx, run: RunRow): Promise<Failure | undefined> {
  const item = await findFirstFailedItem(trx, run.id);
  if (item === undefined || !isFailureCode(item.error_code)) return undefined;
  return failure(item.error_code, { ...item.error_context, itemId: item.item_id });
}
