interface Operation {
  /** Its name in sentences and titles. */
  readonly title: string;
  /** One word for the work of a running run. */
  readonly phase: string;
  /** The workflow type that carries it out; it stands in histories forever. */
  readonly workflowType: string;
  /** It fills the backup set that is its target: the end of the run computes the set's manifest. */
  readonly fillsBackupSet: boolean;
  /** It lists a tenant for a backup. */
  readonly listsForBackup: boolean;
  /** It plans a restore item by item, whether or not it carries the plan out. */
  readonly plansRestore: boolean;
  /** It writes to the tenant: at most one such run at a time in a tenant, and each leaves an audit trail. */
  readonly writesToTenant: boolean;
}

const none = {
  fillsBackupSet: false,
  listsForBackup: false,
  plansRestore: false,
  writesToTenant: false,
} as const;
const backup = { ...none, fillsBackupSet: true, listsForBackup: true } as const;
const restorePlan = { ...none, plansRestore: true } as const;
const restore = { ...restorePlan, writesToTenant: true } as const;

/** Every operation of a run. The names are part of the HTTP contract and of Temporal's histories. */
export const operations = {
  'inventory.sync': {
    title: 'Inventory sync',
    phase: 'listing',
    workflowType: 'inventorySync',
    ...none,
  },
  'policy.capture_snapshot': {
    title: 'Policy capture',
    phase: 'capturing',
    workflowType: 'capturePolicySnapshot',
    ...none,
  },
  'backup_set.create': {
    title: 'Backup',
    phase: 'capturing',
    workflowType: 'backUpPolicies',
    ...backup,
  },
  'backup_set.add_policies': {
    title: 'Addition to a backup set',
    phase: 'capturing',
    workflowType: 'backUpPolicies',
    ...backup,
  },
  'backup_schedule.run': {
    title: 'Scheduled backup',
    phase: 'capturing',
    workflowType: 'backUpPolicies',
    ...backup,
  },
  'policies.export': {
    title: 'Export',
    phase: 'exporting',
    workflowType: 'exportPolicies',
    ...none,
  },
  'policies.import': {
    title: 'Import',
    phase: 'importing',
    workflowType: 'importPolicies',
    ...none,
    fillsBackupSet: true,
  },
  'restore.preview': {
    title: 'Restore preview',
    phase: 'planning',
    workflowType: 'previewRestore',
    ...restorePlan,
  },
  'restore.execute': {
    title: 'Restore',
    phase: 'restoring',
    workflowType: 'restorePolicies',
    ...restore,
  },
  'restore.undo': {
    title: 'Undo of a restore',
    phase: 'undoing',
    workflowType: 'restorePolicies',
    ...restore,
  },
  'directory.sync': {
    title: 'Directory sync',
    phase: 'listing',
    workflowType: 'syncDirectory',
    ...none,
  },
  'drift.check': {
    title: 'Drift check',
    phase: 'comparing',
    workflowType: 'previewRestore',
    ...restorePlan,
  },
} as const satisfies Record<string, Operation>;

export type OperationType = keyof typeof operations;
export const operationTypes = Object.keys(operations) as OperationType[];

/** The operations with a trait. */
export type OperationThat<T extends keyof typeof none> = {
  [O in OperationType]: (typeof operations)[O][T] extends true ? O : never;
}[OperationType];

/** Whether an operation has a trait. */
export function operationThat<T extends keyof typeof none>(
  trait: T,
  operation: OperationType,
): operation is OperationThat<T> {
  return operations[operation][trait];
}

export const writingOperations = operationTypes.filter(
  (operation) => operations[operation].writesToTenant,
);
