import { cancellationSignal } from '@temporalio/activity';
import { toActivityFailure } from '#activities/runtime/activity-failure.ts';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { openItem } from '#activities/runtime/open-item.ts';
import { type ListingCursor, resumableListing } from '#activities/runtime/resumable-listing.ts';
import { inTenant } from '#db/database.ts';
import { markUnseenGroupsAbsent, upsertSeenGroups } from '#db/directory/directory-groups.ts';
import { databaseNow } from '#db/inventory/policies.ts';
import { recordItemOutcome } from '#db/run/run-items.ts';
import type { RunItemRow } from '#db/tables.ts';
import type { GraphActivities } from '#domain/run/activity-types.ts';
import { listGroups } from '#graph/directory/list-groups.ts';

const readPermission = 'Group.Read.All';

/** See {@link GraphActivities.syncGroups}. */
export function createSyncGroups(deps: ActivityDeps): GraphActivities['syncGroups'] {
  return async (ref) => {
    const item = await openItem(deps.db, ref);
    if (item === undefined) return;
    try {
      await resumableListing((cursor, save) => listFrom(deps, item, save, cursor));
    } catch (error) {
      throw toActivityFailure(error, {
        notFound: 'graph_bad_request',
        context: { itemId: item.item_id, permission: readPermission },
      });
    }
  };
}

/**
 * Lists the groups page by page into the cache. The last transaction marks unlisted groups as absent and closes the
 * item.
 */
async function listFrom(
  { db, graph }: ActivityDeps,
  { tenant_id: tenantId, run_id: runId, item_id: itemId }: RunItemRow,
  save: (cursor: ListingCursor) => void,
  cursor: ListingCursor | undefined,
): Promise<void> {
  const listedSince = cursor
    ? new Date(cursor.listedSince)
    : await inTenant(db, tenantId, databaseNow);
  const pages = listGroups(graph.readerFor(tenantId), {
    signal: cancellationSignal(),
    nextLink: cursor?.nextLink ?? null,
  });
  for await (const { groups, nextLink } of pages) {
    await inTenant(db, tenantId, (trx) => upsertSeenGroups(trx, groups));
    if (nextLink !== null) save({ nextLink, listedSince: listedSince.toISOString() });
  }
  await inTenant(db, tenantId, async (trx) => {
    const first = await recordItemOutcome(trx, runId, itemId, { outcome: 'succeeded' });
    if (first) await markUnseenGroupsAbsent(trx, listedSince);
  });
}
