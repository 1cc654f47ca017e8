import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { heartbeating } from '#activities/runtime/heartbeating.ts';
import { countOrdinals } from '#db/backup/backup-run-items.ts';
import { listListedTypes } from '#db/backup/backup-listings.ts';
import { inTenant } from '#db/database.ts';
import { findRunById } from '#db/run/runs.ts';
import {
  type ContentReference,
  listUnresolvedReferences,
  warnOfMissingReferences,
} from '#db/snapshot/content-references.ts';
import { policyKey } from '#domain/identity/graph-id.ts';
import { findPolicyType } from '#domain/policy-types/catalogue.ts';
import type { GraphActivities } from '#domain/run/activity-types.ts';
import { type BackupOfRun, backupOfRun } from './backup-of-run.ts';
import { listForBackup } from './list-for-backup.ts';

/** See {@link GraphActivities.planReferences}. What the tenant does not have costs the policy that refers to it a warning, no more. */
export function createPlanReferences(deps: ActivityDeps): GraphActivities['planReferences'] {
  return async ({ runId }) => {
    const backup = await backupOfRun(deps.db, runId);
    return heartbeating(async () => {
      let before: PlannedItems;
      let after = await countPlanned(deps, backup);
      // An unchanged policy is in the set as soon as it is planned, so its references are known at once.
      do {
        before = after;
        await planOneRound(deps, backup);
        after = await countPlanned(deps, backup);
      } while (after.items > before.items && after.ordinals === before.ordinals);
      return { planned: after.ordinals };
    });
  };
}

interface PlannedItems {
  readonly items: number;
  /** The number of items with a capture of their own, earlier ones included. */
  readonly ordinals: number;
}

function countPlanned({ db }: ActivityDeps, backup: BackupOfRun): Promise<PlannedItems> {
  const { tenantId, runId } = backup;
  return inTenant(db, tenantId, async (trx) => ({
    items: (await findRunById(trx, runId))?.total ?? 0,
    ordinals: await countOrdinals(trx, runId),
  }));
}

/** Plans the missing objects that the snapshots of the set refer to. */
async function planOneRound(deps: ActivityDeps, backup: BackupOfRun): Promise<void> {
  const { tenantId } = backup;
  const { unresolved, listed } = await inTenant(deps.db, tenantId, async (trx) => ({
    unresolved: await listUnresolvedReferences(trx, backup.backupSetId),
    listed: await listListedTypes(trx, backup),
  }));
  const missing: ContentReference[] = [];
  for (const [policyType, references] of Map.groupBy(unresolved, (one) => one.policyType)) {
    const held = listed.get(policyType) ?? (backup.followReferences ? 'notListed' : 'unknown');
    if (held === 'unknown') continue;
    const gone =
      held === 'whole' ? references : await planReferred(deps, backup, policyType, references);
    missing.push(...gone);
  }
  if (missing.length === 0) return;
  await inTenant(deps.db, tenantId, async (trx) => {
    // An id may belong to one of two types. If one type has the object, the other does not miss it.
    const now = await listUnresolvedReferences(trx, backup.backupSetId);
    const still = new Set(now.map(keyOf));
    const gone = missing.filter((reference) => still.has(keyOf(reference)));
    await warnOfMissingReferences(trx, backup, gone);
  });
}

const keyOf = ({ policyType, graphId }: ContentReference) => policyKey(policyType, graphId);

/**
 * Plans the referenced objects of one type.
 * @returns the references that the type does not have.
 */
async function planReferred(
  deps: ActivityDeps,
  backup: BackupOfRun,
  policyType: string,
  references: readonly ContentReference[],
): Promise<readonly ContentReference[]> {
  const type = findPolicyType(policyType);
  if (type === undefined) return [];
  const wanted = new Set(references.map(({ graphId }) => graphId));
  const there = await listForBackup(deps, backup, type, wanted);
  return there === undefined ? [] : references.filter(({ graphId }) => !there.has(graphId));
}
