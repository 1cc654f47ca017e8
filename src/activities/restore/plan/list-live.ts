import { cancellationSignal } from '@temporalio/activity';
import { toActivityFailure } from '#activities/runtime/activity-failure.ts';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { inTenant } from '#db/database.ts';
import {
  databaseNow,
  markUnseenPoliciesAbsent,
  upsertSeenPolicies,
} from '#db/inventory/policies.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import {
  type LiveObject,
  type LiveType,
  liveTypeOf,
} from '#domain/restore/mapping/resolve-references.ts';
import { listPolicies } from '#graph/capture/list-policies.ts';
import { GraphError, type GraphErrorKind } from '#graph/port/graph-error.ts';
import type { GraphReader } from '#graph/port/graph-reader.ts';

/** Refusals of the whole type. Other refusals are worth a retry, or end the run. */
const refusals: ReadonlySet<GraphErrorKind> = new Set(['forbidden', 'not_found', 'bad_request']);

/**
 * Lists the objects of a type into the inventory.
 * @returns null if Graph refuses the whole type.
 * @throws ApplicationFailure
 */
export async function listLive(
  { db }: Pick<ActivityDeps, 'db'>,
  reader: GraphReader,
  type: PolicyType,
): Promise<LiveType | null> {
  const { tenantId } = reader;
  const since = await inTenant(db, tenantId, databaseNow);
  const objects: LiveObject[] = [];
  const builtInIds = new Set<string>();
  try {
    const pages = listPolicies(reader, type, { signal: cancellationSignal() });
    for await (const page of pages) {
      for (const id of page.builtInIds) builtInIds.add(id.toLowerCase());
      for (const { graphId, displayName, platform, odataType } of page.policies) {
        objects.push({ graphId, displayName, platform, odataType });
      }
      await inTenant(db, tenantId, (trx) => upsertSeenPolicies(trx, type.type, page.policies));
    }
  } catch (error) {
    const blocked = error instanceof GraphError && error.code === 'write_blocked';
    if (!blocked && error instanceof GraphError && refusals.has(error.kind)) return null;
    throw toActivityFailure(error, {
      notFound: 'type_unavailable',
      context: { policyType: type.type, permission: type.readPermission },
    });
  }
  await inTenant(db, tenantId, (trx) => markUnseenPoliciesAbsent(trx, type.type, since));
  return liveTypeOf(objects, builtInIds);
}
