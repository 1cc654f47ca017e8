import type { OperationType } from './run.ts';

/** What each operation is called in sentences and titles that people read. */
export const operationTitles: Record<OperationType, string> = {
  'inventory.sync': 'Inventory sync',
  'policy.capture_snapshot': 'Policy capture',
  'backup_set.create': 'Backup',
  'backup_set.add_policies': 'Addition to a backup set',
  'backup_schedule.run': 'Scheduled backup',
  'policies.export': 'Export',
  'policies.import': 'Import',
  'restore.preview': 'Restore preview',
  'restore.execute': 'Restore',
  'restore.undo': 'Undo of a restore',
  'directory.sync': 'Directory sync',
  'drift.check': 'Drift check',
};

/** What a running run of each operation is doing, in one word. */
export const operationPhases: Record<OperationType, string> = {
  'inventory.sync': 'listing',
  'policy.capture_snapshot': 'capturing',
  'backup_set.create': 'capturing',
  'backup_set.add_policies': 'capturing',
  'backup_schedule.run': 'capturing',
  'policies.export': 'exporting',
  'policies.import': 'importing',
  'restore.preview': 'planning',
  'restore.execute': 'restoring',
  'restore.undo': 'undoing',
  'directory.sync': 'listing',
  'drift.check': 'comparing',
};

/** The workflow type that carries each operation out; in histories for ever. */
export const workflowTypes: Record<OperationType, string> = {
  'inventory.sync': 'inventorySync',
  'policy.capture_snapshot': 'capturePolicySnapshot',
  'backup_set.create': 'backUpPolicies',
  'backup_set.add_policies': 'backUpPolicies',
  'backup_schedule.run': 'backUpPolicies',
  'policies.export': 'exportPolicies',
  'policies.import': 'importPolicies',
  'restore.preview': 'previewRestore',
  'restore.execute': 'restorePolicies',
  'restore.undo': 'restorePolicies',
  'directory.sync': 'syncDirectory',
  'drift.check': 'previewRestore',
};

/** The operations that fill the backup set which is their target: at their end its manifest is computed. */
export const fillsBackupSet: Record<OperationType, boolean> = {
  'inventory.sync': false,
  'policy.capture_snapshot': false,
  'backup_set.create': true,
  'backup_set.add_policies': true,
  'backup_schedule.run': true,
  'policies.export': false,
  'policies.import': true,
  'restore.preview': false,
  'restore.execute': false,
  'restore.undo': false,
  'directory.sync': false,
  'drift.check': false,
};

/** The operations that list a tenant to back it up. */
export const listsForBackup: Record<OperationType, boolean> = {
  ...fillsBackupSet,
  'policies.import': false,
};

/** The operations that write to a tenant. One of them at a time runs in a tenant, and each leaves an audit trail. */
export const writesToTenant: Record<OperationType, boolean> = {
  'inventory.sync': false,
  'policy.capture_snapshot': false,
  'backup_set.create': false,
  'backup_set.add_policies': false,
  'backup_schedule.run': false,
  'policies.export': false,
  'policies.import': false,
  'restore.preview': false,
  'restore.execute': true,
  'restore.undo': true,
  'directory.sync': false,
  'drift.check': false,
};
