import { countOrdinals } from '../db/backup-plans.ts';
import { listListedTypes } from '../db/backup-sets.ts';
import {
  type ContentReference,
  listUnresolvedReferences,
  warnOfMissingReferences,
} from '../db/content-references.ts';
import { inTenant } from '../db/database.ts';
import type { GraphActivities } from '../domain/activity-types.ts';
import { findPolicyType } from '../domain/policy-types/catalogue.ts';
import { type BackupOfRun, backupOfRun } from './backup-of-run.ts';
import type { ActivityDeps } from './deps.ts';
import { heartbeating } from './heartbeating.ts';
import { listForBackup } from './list-for-backup.ts';

/** See {@link GraphActivities.planReferences}. What the tenant does not have costs the policy that refers to it a warning, no more. */
export function createPlanReferences(deps: ActivityDeps): GraphActivities['planReferences'] {
  return async ({ runId }) => {
    const backup = await backupOfRun(deps.db, runId);
    const { tenantId } = backup;
    const { unresolved, listed } = await inTenant(deps.db, tenantId, async (trx) => ({
      unresolved: await listUnresolvedReferences(trx, tenantId, backup.backupSetId),
      listed: await listListedTypes(trx, tenantId, backup),
    }));
    const missing: ContentReference[] = [];
    await heartbeating(async () => {
      for (const [policyType, references] of Map.groupBy(unresolved, (one) => one.policyType)) {
        // Everything of a type that this run has listed whole is in the set: what is not there, is nowhere.
        const gone = listed.get(policyType)?.whole
          ? references
          : await planReferred(deps, backup, policyType, references);
        missing.push(...gone);
      }
    });
    return inTenant(deps.db, tenantId, async (trx) => {
      await warnOfMissingReferences(trx, tenantId, backup, missing);
      return { planned: await countOrdinals(trx, tenantId, runId) };
    });
  };
}

/** Plans what of a type is referred to. @returns the references to what the type does not have. */
async function planReferred(
  deps: ActivityDeps,
  backup: BackupOfRun,
  policyType: string,
  references: readonly ContentReference[],
): Promise<readonly ContentReference[]> {
  const type = findPolicyType(policyType);
  if (!backup.followReferences || type?.supports.capture !== true) return [];
  const wanted = new Set(references.map(({ graphId }) => graphId));
  const there = await listForBackup(deps, backup, type, wanted);
  return there === undefined ? [] : references.filter(({ graphId }) => !there.has(graphId));
}
