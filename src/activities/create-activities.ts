import { activityInfo } from '@temporalio/activity';
import type {
  ArchiveActivities,
  FiringActivities,
  GraphActivities,
  MaintenanceActivities,
  MirrorActivities,
  PlanActivities,
  RestoreActivities,
} from '../domain/activity-types.ts';
import type { GraphWriters } from '../graph/graph-writer.ts';
import { toActivityFailure } from './activity-failure.ts';
import { createBeginRun } from './begin-run.ts';
import { createCaptureItems } from './capture-items.ts';
import { createCapturePolicy } from './capture-policy.ts';
import { createAlignSchedules } from './align-schedules.ts';
import { createApplyRetention } from './apply-retention.ts';
import type { ActivityDeps } from './deps.ts';
import { createWriteExport } from './export-archive.ts';
import type { ReachFailpoint } from './failpoint.ts';
import {
  createFailRunItem,
  createFailRunItems,
  createFinishRun,
  createNoteCancelRequest,
} from './finish-run.ts';
import { createFindDuplicates } from './find-duplicates.ts';
import { createKeepImport } from './keep-import.ts';
import { createPlanBackup } from './plan-backup.ts';
import { createPlanItems } from './plan-items.ts';
import { createPlanReferences } from './plan-references.ts';
import { createOutlineWrites, createPlanRestore } from './plan-restore.ts';
import { createReconcileRuns } from './reconcile-runs.ts';
import { createFailRestoreItem, createRestoreItem } from './restore-item.ts';
import { createStartScheduledBackup } from './start-scheduled-backup.ts';
import { createSyncGroups } from './sync-groups.ts';
import { createSyncPolicyType } from './sync-policy-type.ts';
import { createVerifySnapshots } from './verify-snapshots.ts';

/** What writes to tenants: handed to one activity, and to none that plans. */
export interface Writing {
  readonly writers: GraphWriters;
  /** For tests that end the process at a given moment. */
  readonly reached?: ReachFailpoint;
}

/** All activities, over what they work with, by the task queue that they are polled from. */
export function createActivities(
  deps: ActivityDeps,
  { writers, reached = () => undefined }: Writing,
): {
  mirror: MirrorActivities & FiringActivities;
  graph: GraphActivities &
    MaintenanceActivities &
    ArchiveActivities &
    PlanActivities &
    RestoreActivities;
} {
  return {
    mirror: {
      beginRun: safely(createBeginRun(deps)),
      noteCancelRequest: safely(createNoteCancelRequest(deps)),
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
      planRestore: safely(createPlanRestore(deps)),
      planItems: safely(createPlanItems(deps)),
      findDuplicates: safely(createFindDuplicates(deps)),
      outlineWrites: safely(createOutlineWrites(deps)),
      failRestoreItem: safely(createFailRestoreItem(deps)),
      restoreItem: safely(createRestoreItem(deps, writers, reached)),
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
