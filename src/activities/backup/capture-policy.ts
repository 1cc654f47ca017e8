import { cancellationSignal } from '@temporalio/activity';
import { permanentFailure, toActivityFailure } from '#activities/runtime/activity-failure.ts';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { heartbeating } from '#activities/runtime/heartbeating.ts';
import { openItem } from '#activities/runtime/open-item.ts';
import { type CapturedItem, recordCaptures } from '#db/backup/captures.ts';
import { inTenant } from '#db/database.ts';
import { markPolicyAbsent } from '#db/inventory/policies.ts';
import type { RunItemRow } from '#db/tables.ts';
import { findPolicyType } from '#domain/policy-types/catalogue.ts';
import type { GraphActivities } from '#domain/run/activity-types.ts';
import { capturePolicy } from '#graph/capture/capture-policy.ts';
import { GraphError } from '#graph/port/graph-error.ts';
import { capturedItem } from './captured-item.ts';

/** See {@link GraphActivities.capturePolicy}. */
export function createCapturePolicy(deps: ActivityDeps): GraphActivities['capturePolicy'] {
  return async (ref) => {
    const item = await openItem(deps.db, ref);
    if (item === undefined) return;
    const captured = await readPolicy(deps, item);
    const { tenant_id: tenantId, run_id: runId } = item;
    await inTenant(deps.db, tenantId, (trx) => recordCaptures(trx, deps.cipher, runId, [captured]));
  };
}

async function readPolicy(deps: ActivityDeps, item: RunItemRow): Promise<CapturedItem> {
  const type = findPolicyType(item.policy_type);
  if (type === undefined || item.graph_id === null || item.policy_id === null) {
    throw permanentFailure('internal_error', { itemId: item.item_id });
  }
  const { tenant_id: tenantId, policy_id: policyId, graph_id: graphId } = item;
  try {
    const captured = await heartbeating((save) =>
      capturePolicy(deps.graph.readerFor(tenantId), type, graphId, {
        signal: cancellationSignal(),
        onProgress: (requests) => save({ requests }),
      }),
    );
    return capturedItem({ itemId: item.item_id, policyId, graphId }, captured, type);
  } catch (error) {
    if (error instanceof GraphError && error.kind === 'not_found') {
      await inTenant(deps.db, tenantId, (trx) => markPolicyAbsent(trx, policyId));
    }
    throw toActivityFailure(error, {
      notFound: 'policy_gone',
      context: { itemId: item.item_id, policyId, permission: type.readPermission },
    });
  }
}
