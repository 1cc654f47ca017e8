import { cancellationSignal } from '@temporalio/activity';
import { permanentFailure } from '#activities/runtime/activity-failure.ts';
import { attemptItems } from '#activities/runtime/attempt-items.ts';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { heartbeating } from '#activities/runtime/heartbeating.ts';
import { listPendingItems } from '#db/backup/backup-run-items.ts';
import { type CapturedItem, recordCaptures } from '#db/backup/captures.ts';
import { inTenant } from '#db/database.ts';
import { markPolicyAbsent } from '#db/inventory/policies.ts';
import type { RunItemRow } from '#db/tables.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import type { GraphActivities } from '#domain/run/activity-types.ts';
import { capturePolicy } from '#graph/capture/capture-policy.ts';
import { type BackupOfRun, backupOfRun } from './backup-of-run.ts';
import { capturedItem } from './captured-item.ts';

/** The limit of captured text before a write; it bounds the memory of a worker. */
const unwrittenCharsMax = 8 * 1024 * 1024;

/** See {@link GraphActivities.captureItems}. A retry takes up the items that have no outcome yet. */
export function createCaptureItems(deps: ActivityDeps): GraphActivities['captureItems'] {
  return async ({ runId, from, to }) => {
    const backup = await backupOfRun(deps.db, runId);
    const unwritten = createUnwritten(deps, backup);
    await heartbeating(async () => {
      try {
        await attemptItems(deps.db, backup, {
          list: (trx) => listPendingItems(trx, runId, { from, to }),
          attempt: async (item, type) => {
            await unwritten.add(await captureItem(deps, backup, item, type));
          },
          contextOf: ({ policy_id: policyId }) => ({ policyId }),
          gone: (trx, { policy_id: policyId }) => markPolicyAbsent(trx, policyId ?? ''),
        });
      } finally {
        // A failure or a cancellation of one item must not lose the captures of the others.
        await unwritten.write();
      }
    });
  };
}

/** Collects captures and writes them in one transaction. */
function createUnwritten({ db, cipher }: ActivityDeps, { tenantId, runId }: BackupOfRun) {
  let waiting: CapturedItem[] = [];
  let chars = 0;
  async function write(): Promise<void> {
    const captured = waiting;
    waiting = [];
    chars = 0;
    if (captured.length === 0) return;
    await inTenant(db, tenantId, (trx) => recordCaptures(trx, cipher, runId, captured));
  }
  return {
    write,
    async add(item: CapturedItem): Promise<void> {
      waiting.push(item);
      chars += item.snapshot.document.length;
      if (chars > unwrittenCharsMax) await write();
    },
  };
}

async function captureItem(
  deps: ActivityDeps,
  { tenantId, assignments }: BackupOfRun,
  { item_id: itemId, policy_id: policyId, graph_id: graphId }: RunItemRow,
  type: PolicyType,
): Promise<CapturedItem> {
  if (policyId === null || graphId === null) throw permanentFailure('internal_error', { itemId });
  const reader = deps.graph.readerFor(tenantId);
  const signal = cancellationSignal();
  const captured = await capturePolicy(reader, type, graphId, { signal, assignments });
  return capturedItem({ itemId, policyId, graphId }, captured, type);
}
