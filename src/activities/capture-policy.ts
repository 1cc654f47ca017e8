import { cancellationSignal } from '@temporalio/activity';
import { v7 as uuidv7 } from 'uuid';
import { inTenant } from '../db/database.ts';
import { markPolicyAbsent, setLastSnapshot } from '../db/policies.ts';
import { recordItemOutcome } from '../db/run-items.ts';
import { insertSnapshot } from '../db/snapshots.ts';
import type { RunItemRow } from '../db/tables.ts';
import type { GraphActivities } from '../domain/activity-types.ts';
import { findPolicyType } from '../domain/policy-types/catalogue.ts';
import { capturePolicy } from '../graph/capture-policy.ts';
import type { CapturedPolicy } from '../graph/captured-policy.ts';
import { GraphError } from '../graph/graph-error.ts';
import { permanentFailure, toActivityFailure } from './activity-failure.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeating } from './heartbeating.ts';
import { openItem } from './open-item.ts';

/** See {@link GraphActivities.capturePolicy}. */
export function createCapturePolicy(deps: ActivityDeps): GraphActivities['capturePolicy'] {
  return async (ref) => {
    const item = await openItem(deps.db, ref);
    if (item === undefined) return;
    const captured = await readPolicy(deps, item);
    await keepSnapshot(deps, item, captured);
  };
}

async function readPolicy(deps: ActivityDeps, item: RunItemRow): Promise<CapturedPolicy> {
  const type = findPolicyType(item.policy_type);
  if (type === undefined || item.graph_id === null || item.policy_id === null) {
    throw permanentFailure('internal_error', { itemId: item.item_id });
  }
  const { tenant_id: tenantId, policy_id: policyId, graph_id: graphId } = item;
  try {
    return await heartbeating((save) =>
      capturePolicy(deps.graph.readerFor(tenantId), type, graphId, {
        signal: cancellationSignal(),
        onProgress: (requests) => save({ requests }),
      }),
    );
  } catch (error) {
    if (error instanceof GraphError && error.kind === 'not_found') {
      await inTenant(deps.db, tenantId, (trx) => markPolicyAbsent(trx, tenantId, policyId));
    }
    throw toActivityFailure(error, {
      notFound: 'policy_gone',
      context: { itemId: item.item_id, policyId, permission: type.readPermission },
    });
  }
}

/** Snapshot, inventory and outcome in one transaction; the outcome first, since only its first writer may keep one. */
async function keepSnapshot(
  { db, cipher }: ActivityDeps,
  item: RunItemRow,
  captured: CapturedPolicy,
): Promise<void> {
  const { tenant_id: tenantId, run_id: runId, item_id: itemId } = item;
  await inTenant(db, tenantId, async (trx) => {
    const first = await recordItemOutcome(trx, tenantId, runId, itemId, {
      outcome: 'succeeded',
      warnings: captured.warnings,
      displayName: captured.displayName,
    });
    if (!first) return;
    const snapshot = await insertSnapshot(trx, cipher, tenantId, {
      id: uuidv7(),
      runId,
      policyId: item.policy_id ?? '',
      policyType: item.policy_type,
      displayName: captured.displayName,
      graphId: item.graph_id ?? '',
      document: captured.document,
      complete: captured.complete,
      warnings: captured.warnings,
    });
    await setLastSnapshot(trx, tenantId, snapshot.policy_id, {
      id: snapshot.id,
      capturedAt: snapshot.captured_at,
    });
  });
}
