import { cancellationSignal } from '@temporalio/activity';
import { type CapturedItem, recordCaptures } from '../db/captures.ts';
import { inTenant } from '../db/database.ts';
import { markPolicyAbsent } from '../db/policies.ts';
import type { RunItemRow } from '../db/tables.ts';
import type { GraphActivities } from '../domain/activity-types.ts';
import { findPolicyType } from '../domain/policy-types/catalogue.ts';
import { capturePolicy } from '../graph/capture-policy.ts';
import { GraphError } from '../graph/graph-error.ts';
import { permanentFailure, toActivityFailure } from './activity-failure.ts';
import { capturedItem } from './captured-item.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeating } from './heartbeating.ts';
import { openItem } from './open-item.ts';

/** See {@link GraphActivities.capturePolicy}. */
export function createCapturePolicy(deps: ActivityDeps): GraphActivities['capturePolicy'] {
  return async (ref) => {
    const item = await openItem(deps.db, ref);
    if (item === undefined) return;
    const captured = await readPolicy(deps, item);
    const { tenant_id: tenantId, run_id: runId } = item;
    await inTenant(deps.db, tenantId, (trx) =>
      recordCaptures(trx, deps.cipher, tenantId, runId, [captured]),
    );
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
      await inTenant(deps.db, tenantId, (trx) => markPolicyAbsent(trx, tenantId, policyId));
    }
    throw toActivityFailure(error, {
      notFound: 'policy_gone',
      context: { itemId: item.item_id, policyId, permission: type.readPermission },
    });
  }
}
