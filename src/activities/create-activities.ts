import { activityInfo } from '@temporalio/activity';
import type {
  ArchiveActivities,
  FiringActivities,
  GraphActivities,
  MaintenanceActivities,
  MirrorActivities,
} from '../domain/activity-types.ts';
import { toActivityFailure } from './activity-failure.ts';
import { createBeginRun } from './begin-run.ts';
import { createCaptureItems } from './capture-items.ts';
import { createCapturePolicy } from './capture-policy.ts';
import { createAlignSchedules } from './align-schedules.ts';
import { createApplyRetention } from './apply-retention.ts';
import type { ActivityDeps } from './deps.ts';
import { createWriteExport } from './export-archive.ts';
import { createFailRunItem, createFailRunItems, createFinishRun } from './finish-run.ts';
import { createKeepImport } from './keep-import.ts';
import { createPlanBackup } from './plan-backup.ts';
import { createPlanReferences } from './plan-references.ts';
import { createReconcileRuns } from './reconcile-runs.ts';
import { createStartScheduledBackup } from './start-scheduled-backup.ts';
import { createSyncGroups } from './sync-groups.ts';
import { createSyncPolicyType } from './sync-policy-type.ts';
import { createVerifySnapshots } from './verify-snapshots.ts';

/** All activities, over what they work with, by the task queue that they are polled from. */
export function createActivities(deps: ActivityDeps): {
  mirror: MirrorActivities & FiringActivities;
  graph: GraphActivities & MaintenanceActivities & ArchiveActivities;
} {
  return {
    mirror: {
      beginRun: safely(createBeginRun(deps)),
      failRunItem: safely(createFailRunItem(deps)),
      failRunItems: safely(createFailRunItems(deps)),
      finishRun: safely(createFinishRun(deps)),
      reconcileRuns: safely(createReconcileRuns(deps)),
      startScheduledBackup: safely(createStartScheduledBackup(deps)),
    },
    graph: {
      syncPolicyType: safely(createSyncPolicyType(deps)),
      syncGroups: safely(createSyncGroups(deps)),
      capturePolicy: safely(createCapturePolicy(deps)),
      planBackup: safely(createPlanBackup(deps)),
      planReferences: safely(createPlanReferences(deps)),
      captureItems: safely(createCaptureItems(deps)),
      alignSchedules: safely(createAlignSchedules(deps)),
      applyRetention: safely(createApplyRetention(deps)),
      verifySnapshots: safely(createVerifySnapshots(deps)),
      writeExport: safely(createWriteExport(deps)),
      keepImport: safely(createKeepImport(deps)),
    },
  };
}

/** Lets nothing untranslated into a history. */
function safely<Args extends unknown[], Result>(
  activity: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    try {
      return await activity(...args);
    } catch (error) {
      const context = { activity: activityInfo().activityType };
      throw toActivityFailure(error, { notFound: 'internal_error', context });
    }
  };
}
