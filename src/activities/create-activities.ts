import { activityInfo } from '@temporalio/activity';
import { createWriteExport } from '#activities/archive/export/export-archive.ts';
import { createKeepImport } from '#activities/archive/import/keep-import.ts';
import { createCaptureItems } from '#activities/backup/capture-items.ts';
import { createCapturePolicy } from '#activities/backup/capture-policy.ts';
import { createPlanBackup } from '#activities/backup/plan-backup.ts';
import { createPlanReferences } from '#activities/backup/plan-references.ts';
import { createSyncGroups } from '#activities/directory/sync-groups.ts';
import { createSyncPolicyType } from '#activities/inventory/sync-policy-type.ts';
import type { ReachFailpoint } from '#activities/restore/apply/failpoint.ts';
import { createFindDuplicates } from '#activities/restore/apply/find-duplicates.ts';
import {
  createFailRestoreItem,
  createRestoreItem,
} from '#activities/restore/apply/restore-item.ts';
import { createPlanItems } from '#activities/restore/plan/plan-items.ts';
import { createOutlineWrites, createPlanRestore } from '#activities/restore/plan/plan-restore.ts';
import { createBeginRun } from '#activities/run/begin-run.ts';
import {
  createFailRunItem,
  createFailRunItems,
  createFinishRun,
  createNoteCancelRequest,
} from '#activities/run/finish-run.ts';
import { createReconcileRuns } from '#activities/run/reconcile-runs.ts';
import { toActivityFailure } from '#activities/runtime/activity-failure.ts';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { createAlignSchedules } from '#activities/schedule/align-schedules.ts';
import { createApplyRetention } from '#activities/schedule/apply-retention.ts';
import { createStartScheduledBackup } from '#activities/schedule/start-scheduled-backup.ts';
import { createVerifySnapshots } from '#activities/snapshot/verify-snapshots.ts';
import type {
  ScheduleTriggerActivities,
  GraphActivities,
  MaintenanceActivities,
  RunStateActivities,
  PlanActivities,
  RestoreActivities,
  WholeRunActivities,
} from '#domain/run/activity-types.ts';
import type { GraphWriters } from '#graph/port/graph-writer.ts';

/** The write port. One activity receives it; the planning ones do not. */
export interface Writing {
  readonly writers: GraphWriters;
  /** For tests that end the process at a failpoint. */
  readonly reached?: ReachFailpoint;
}

/** Makes all activities, grouped by their task queue. */
export function createActivities(
  deps: ActivityDeps,
  { writers, reached = () => undefined }: Writing,
): {
  runState: RunStateActivities & ScheduleTriggerActivities;
  graph: GraphActivities &
    MaintenanceActivities &
    WholeRunActivities &
    PlanActivities &
    RestoreActivities;
} {
  return {
    runState: {
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

/** Translates every failure, so that histories hold only codes and ids. */
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
