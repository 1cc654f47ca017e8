import { cancellationSignal } from '@temporalio/activity';
import { permanentFailure, toActivityFailure } from '#activities/runtime/activity-failure.ts';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { openItem } from '#activities/runtime/open-item.ts';
import { type ListingCursor, resumableListing } from '#activities/runtime/resumable-listing.ts';
import { inTenant } from '#db/database.ts';
import {
  databaseNow,
  markUnseenPoliciesAbsent,
  upsertSeenPolicies,
} from '#db/inventory/policies.ts';
import { recordItemOutcome } from '#db/run/run-items.ts';
import type { RunItemRow } from '#db/tables.ts';
import { findPolicyType } from '#domain/policy-types/catalogue.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import type { GraphActivities } from '#domain/run/activity-types.ts';
import { listPolicies } from '#graph/capture/list-policies.ts';

/** See {@link GraphActivities.syncPolicyType}. */
export function createSyncPolicyType(deps: ActivityDeps): GraphActivities['syncPolicyType'] {
  return async (ref) => {
    const item = await openItem(deps.db, ref);
    if (item === undefined) return;
    const type = findPolicyType(item.policy_type);
    if (type === undefined) throw permanentFailure('internal_error', { itemId: item.item_id });
    try {
      await resumableListing((cursor, save) => listFrom(deps, item, type, save, cursor));
    } catch (error) {
      throw toActivityFailure(error, {
        // If a cloud or a tenant lacks a collection, Graph answers 404 or 400 ("Resource not found for the segment").
        notFound: 'type_unavailable',
        badRequest: 'type_unavailable',
        context: { itemId: item.item_id, permission: type.readPermission },
      });
    }
  };
}

/**
 * Lists a type page by page into the inventory. The last transaction marks unlisted policies as absent and closes the
 * item.
 */
async function listFrom(
  { db, graph }: ActivityDeps,
  item: RunItemRow,
  type: PolicyType,
  save: (cursor: ListingCursor) => void,
  cursor: ListingCursor | undefined,
): Promise<void> {
  const { tenant_id: tenantId, run_id: runId, item_id: itemId } = item;
  const listedSince = cursor
    ? new Date(cursor.listedSince)
    : await inTenant(db, tenantId, databaseNow);
  const pages = listPolicies(graph.readerFor(tenantId), type, {
    signal: cancellationSignal(),
    ...(cursor ? { nextLink: cursor.nextLink } : {}),
  });
  for await (const page of pages) {
    await inTenant(db, tenantId, (trx) => upsertSeenPolicies(trx, type.type, page.policies));
    if (page.nextLink !== null) {
      save({ nextLink: page.nextLink, listedSince: listedSince.toISOString() });
    }
  }
  await inTenant(db, tenantId, async (trx) => {
    const first = await recordItemOutcome(trx, runId, itemId, { outcome: 'succeeded' });
    if (first) await markUnseenPoliciesAbsent(trx, type.type, listedSince);
  });
}
