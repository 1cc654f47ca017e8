// Temporal's bundler starts from this file. It exports every workflow type that an execution has ever had.
export { backUpPolicies } from './back-up-policies.ts';
export { capturePolicySnapshot } from './capture-policy-snapshot.ts';
export { inventorySync } from './inventory-sync.ts';
export { keepRunsReconciled } from './keep-runs-reconciled.ts';
export { maintainBackups } from './maintain-backups.ts';
export * from './one-activity.ts';
export { previewRestore } from './preview-restore.ts';
export { reconcileRuns } from './reconcile-runs.ts';
export { restorePolicies } from './restore-policies.ts';
export { startScheduledBackup } from './start-scheduled-backup.ts';
export { syncDirectory } from './sync-directory.ts';
export { verifySnapshots } from './verify-snapshots.ts';
