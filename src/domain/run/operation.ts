import { z } from 'zod';
import {
  addedLater,
  flag,
  ids,
  keyedAs,
  optional,
  outsideKey,
  type Parameter,
  required,
  text,
  withDefault,
} from './parameter.ts';

interface Operation {
  /** Its name in sentences and titles. */
  readonly title: string;
  /** One word for the work of a running run. */
  readonly phase: string;
  /** The name of its workflow; it stands in histories forever. */
  readonly workflowType: string;
  /** Its activity, if a single one carries it out as a whole. */
  readonly activity?: string;
  /** It fills the backup set of its target: the end of the run computes the set's manifest. */
  readonly fillsBackupSet: boolean;
  /** It lists a tenant for a backup. */
  readonly listsForBackup: boolean;
  /** It plans a restore item by item, and perhaps carries the plan out. */
  readonly plansRestore: boolean;
  /** It writes to the tenant: at most one such run at a time in a tenant, and each leaves an audit trail. */
  readonly writesToTenant: boolean;
  /** The rows of its runs, their keys and reruns, the audit trail and the input of the API all follow these. */
  readonly parameters: Readonly<Record<string, Parameter>>;
}

export const exportFormats = ['tenantry', 'intunecd'] as const;
export type ExportFormat = (typeof exportFormats)[number];

const backupParameters = {
  name: required(text),
  policyIds: optional(ids),
  types: optional(ids),
  all: optional(z.literal(true)),
  includeFoundations: optional(flag),
  includeAssignments: optional(flag),
  full: addedLater(flag),
};
const restoreParameters = {
  ...outsideKey({ backupSetId: required(text) }),
  sourceTenantId: optional(text),
  itemIds: keyedAs('scope', optional(ids)),
  groupMapping: withDefault(z.record(text, text).readonly(), {}),
  allowBroadAssignments: addedLater(flag),
  conditionalAccessState: addedLater(z.literal('asBackedUp')),
};

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
    parameters: { types: optional(ids) },
  },
  'policy.capture_snapshot': {
    title: 'Policy capture',
    phase: 'capturing',
    workflowType: 'capturePolicySnapshot',
    ...none,
    parameters: outsideKey({ policyId: required(text) }),
  },
  'backup_set.create': {
    title: 'Backup',
    phase: 'capturing',
    workflowType: 'backUpPolicies',
    ...backup,
    parameters: backupParameters,
  },
  'backup_set.add_policies': {
    title: 'Addition to a backup set',
    phase: 'capturing',
    workflowType: 'backUpPolicies',
    ...backup,
    parameters: { policyIds: required(ids), includeFoundations: optional(flag) },
  },
  'backup_schedule.run': {
    title: 'Scheduled backup',
    phase: 'capturing',
    workflowType: 'backUpPolicies',
    ...backup,
    parameters: outsideKey({ scheduleId: required(text), ...backupParameters }),
  },
  'policies.export': {
    title: 'Export',
    phase: 'exporting',
    workflowType: 'exportPolicies',
    activity: 'writeExport',
    ...none,
    parameters: { format: required(z.enum(exportFormats)) },
  },
  'policies.import': {
    title: 'Import',
    phase: 'importing',
    workflowType: 'importPolicies',
    activity: 'keepImport',
    ...none,
    fillsBackupSet: true,
    parameters: { sha256: required(text) },
  },
  'restore.preview': {
    title: 'Restore preview',
    phase: 'planning',
    workflowType: 'previewRestore',
    ...restorePlan,
    parameters: { ...restoreParameters, previewRunId: optional(z.never()) },
  },
  'restore.execute': {
    title: 'Restore',
    phase: 'restoring',
    workflowType: 'restorePolicies',
    ...restore,
    parameters: { ...restoreParameters, previewRunId: optional(text) },
  },
  'restore.undo': {
    title: 'Undo of a restore',
    phase: 'undoing',
    workflowType: 'restorePolicies',
    ...restore,
    parameters: outsideKey({ runId: required(text), deleteCreated: withDefault(flag, false) }),
  },
  'directory.sync': {
    title: 'Directory sync',
    phase: 'listing',
    workflowType: 'syncDirectory',
    ...none,
    parameters: {},
  },
  'drift.check': {
    title: 'Drift check',
    phase: 'comparing',
    workflowType: 'previewRestore',
    ...restorePlan,
    parameters: outsideKey({ backupSetId: required(text) }),
  },
} as const satisfies Record<string, Operation>;

export type OperationType = keyof typeof operations;
export const operationTypes = Object.keys(operations) as OperationType[];

type ActivityOf<O> = O extends { readonly activity: infer A extends string } ? A : never;
export type WholeRunActivity = ActivityOf<(typeof operations)[OperationType]>;

/** The operations with a trait. */
export type OperationThat<T extends keyof typeof none> = {
  [O in OperationType]: (typeof operations)[O][T] extends true ? O : never;
}[OperationType];

export function operationThat<T extends keyof typeof none>(
  trait: T,
  operation: OperationType,
): operation is OperationThat<T> {
  return operations[operation][trait];
}

export const writingOperations = operationTypes.filter(
  (operation) => operations[operation].writesToTenant,
);
