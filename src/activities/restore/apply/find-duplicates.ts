import { cancellationSignal } from '@temporalio/activity';
import { planningReader, restoreOfRun } from '#activities/restore/plan/restore-of-run.ts';
import { toActivityFailure } from '#activities/runtime/activity-failure.ts';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { heartbeating } from '#activities/runtime/heartbeating.ts';
import { inTenant } from '#db/database.ts';
import {
  listClaimedObjects,
  listResentCreates,
  type ResentCreate,
} from '#db/restore/graph-writes.ts';
import { addItemWarning } from '#db/run/run-items.ts';
import { findPolicyType } from '#domain/policy-types/catalogue.ts';
import type { PlanActivities } from '#domain/run/activity-types.ts';
import { listPolicies } from '#graph/capture/list-policies.ts';
import type { GraphReader } from '#graph/port/graph-reader.ts';

/**
 * See {@link PlanActivities.findDuplicates}. The settle window makes a second object very unlikely, but Graph
 * guarantees nothing. So this activity looks once more at the end, if a create was sent twice.
 */
export function createFindDuplicates(deps: ActivityDeps): PlanActivities['findDuplicates'] {
  return async ({ runId }) => {
    const restore = await restoreOfRun(deps.db, runId);
    const { tenantId } = restore;
    const resent = await inTenant(deps.db, tenantId, (trx) => listResentCreates(trx, runId));
    const reader = planningReader(deps, restore);
    let found = 0;
    await heartbeating(async () => {
      for (const [policyType, creates] of Map.groupBy(resent, (one) => one.policyType)) {
        found += await warnOfDuplicates(deps, reader, runId, policyType, creates);
      }
    });
    return { found };
  };
}

async function warnOfDuplicates(
  { db }: ActivityDeps,
  reader: GraphReader,
  runId: string,
  policyType: string,
  creates: readonly ResentCreate[],
): Promise<number> {
  const { tenantId } = reader;
  const named = await listNamed(reader, policyType, new Set(creates.map((one) => one.displayName)));
  const suspects = creates.flatMap((create) =>
    (named.get(create.displayName) ?? [])
      .filter((id) => id !== create.objectId && !create.knownIds.includes(id.toLowerCase()))
      .map((graphId) => ({ create, graphId })),
  );
  return inTenant(db, tenantId, async (trx) => {
    const ids = suspects.map(({ graphId }) => graphId);
    const claimed = await listClaimedObjects(trx, policyType, ids);
    const unclaimed = suspects.filter(({ graphId }) => !claimed.has(graphId));
    for (const { create, graphId } of unclaimed) {
      await addItemWarning(trx, runId, create.itemId, {
        code: 'duplicate_detected',
        message: `${graphId} has the same name and appeared while this one was made; it may be one too many.`,
      });
    }
    return unclaimed.length;
  });
}

async function listNamed(
  reader: GraphReader,
  policyType: string,
  names: ReadonlySet<string>,
): Promise<Map<string, string[]>> {
  const type = findPolicyType(policyType);
  const named = new Map<string, string[]>();
  if (type === undefined) return named;
  try {
    for await (const page of listPolicies(reader, type, { signal: cancellationSignal() })) {
      for (const { graphId, displayName } of page.policies) {
        if (names.has(displayName)) {
          named.set(displayName, [...(named.get(displayName) ?? []), graphId]);
        }
      }
    }
  } catch (error) {
    const context = { policyType, permission: type.readPermission };
    throw toActivityFailure(error, { notFound: 'type_unavailable', context });
  }
  return named;
}
