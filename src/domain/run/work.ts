import { canonicalIds, type WorkIdentity } from './idempotency-key.ts';
import type { OperationType } from './operation.ts';

/** A piece of work that somebody asks for: what the run shows, and what its idempotency key is made of. */
export interface Work extends Omit<WorkIdentity, 'operationType'> {
  readonly operationType: OperationType;
  readonly target: { readonly type: string; readonly id: string } | null;
  /** The parameters as given, in the API's camelCase. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Listing what a tenant has, of some policy types or of all. */
export function inventorySync(tenantId: string, types: readonly string[] | undefined): Work {
  const chosen = canonicalIds(types);
  return {
    tenantId,
    operationType: 'inventory.sync',
    target: null,
    targetId: null,
    parameters: { types: chosen },
    context: { types: chosen },
  };
}

/** Capturing one policy as a snapshot. */
export function captureSnapshot(tenantId: string, policyId: string): Work {
  return {
    tenantId,
    operationType: 'policy.capture_snapshot',
    target: { type: 'policy', id: policyId },
    targetId: policyId,
    parameters: { policyId },
    context: {},
  };
}

/** What goes into a backup: exactly one of the three. */
export interface BackupSelection {
  readonly policyIds?: readonly string[] | undefined;
  readonly types?: readonly string[] | undefined;
  readonly all?: true | undefined;
}

/** A backup as somebody asks for it. */
export interface BackupRequest extends BackupSelection {
  readonly name: string;
  readonly includeFoundations?: boolean | undefined;
  readonly includeAssignments?: boolean | undefined;
  /** Reads everything again, also what seems unchanged. */
  readonly full?: boolean | undefined;
}

/** The parameters of a backup, absent ones null; also what its activities read. */
function backupParameters(request: BackupRequest) {
  return {
    name: request.name,
    policyIds: canonicalIds(request.policyIds),
    types: canonicalIds(request.types),
    all: request.all ?? null,
    includeFoundations: request.includeFoundations ?? null,
    includeAssignments: request.includeAssignments ?? null,
    ...(request.full === undefined ? {} : { full: request.full }),
  };
}

/** Making a backup set; `backupSetId` is the id that the set gets, should this start be the one that makes it. */
export function createBackupSet(
  tenantId: string,
  backupSetId: string,
  request: BackupRequest,
): Work {
  const parameters = backupParameters(request);
  return {
    tenantId,
    operationType: 'backup_set.create',
    target: { type: 'backup_set', id: backupSetId },
    targetId: null,
    parameters,
    context: {
      name: parameters.name,
      policy_ids: parameters.policyIds,
      types: parameters.types,
      all: parameters.all,
      include_foundations: parameters.includeFoundations,
      include_assignments: parameters.includeAssignments,
      ...(parameters.full === undefined ? {} : { full: parameters.full }),
    },
  };
}

/** Adding policies to a backup set that there is. */
export function addPolicies(
  tenantId: string,
  backupSetId: string,
  request: {
    readonly policyIds: readonly string[];
    readonly includeFoundations?: boolean | undefined;
  },
): Work {
  const policyIds = canonicalIds(request.policyIds);
  const includeFoundations = request.includeFoundations ?? null;
  return {
    tenantId,
    operationType: 'backup_set.add_policies',
    target: { type: 'backup_set', id: backupSetId },
    targetId: backupSetId,
    parameters: { policyIds, includeFoundations },
    context: { policy_ids: policyIds, include_foundations: includeFoundations },
  };
}

/** The backup that a schedule makes; `backupSetId` is the id that the set gets. */
export function runBackupSchedule(
  tenantId: string,
  scheduleId: string,
  backupSetId: string,
  request: BackupRequest,
): Work {
  return {
    tenantId,
    operationType: 'backup_schedule.run',
    target: { type: 'backup_set', id: backupSetId },
    targetId: scheduleId,
    parameters: { scheduleId, ...backupParameters(request) },
    context: {},
  };
}

/** The formats that a backup set is exported in. */
export const exportFormats = ['tenantry', 'intunecd'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Writing a backup set into a zip. */
export function exportPolicies(tenantId: string, backupSetId: string, format: ExportFormat): Work {
  return {
    tenantId,
    operationType: 'policies.export',
    target: { type: 'backup_set', id: backupSetId },
    targetId: backupSetId,
    parameters: { format },
    context: { format },
  };
}

/**
 * Making a backup set of a zip; `backupSetId` is the id that the set gets, should this start be the one that makes it.
 * @param sha256 of the zip, lower-case hex: the same zip twice at once is one import.
 */
export function importPolicies(tenantId: string, backupSetId: string, sha256: string): Work {
  return {
    tenantId,
    operationType: 'policies.import',
    target: { type: 'backup_set', id: backupSetId },
    targetId: null,
    parameters: { sha256 },
    context: { sha256 },
  };
}

/** A restore as somebody asks for it, or its preview. */
export interface RestoreRequest {
  readonly backupSetId: string;
  readonly sourceTenantId?: string | undefined;
  readonly itemIds?: readonly string[] | undefined;
  /** From ids of groups in the source to ids of groups in the tenant. */
  readonly groupMapping?: Readonly<Record<string, string>> | undefined;
  readonly allowBroadAssignments?: boolean | undefined;
  readonly conditionalAccessState?: 'asBackedUp' | undefined;
}

function restore(
  operationType: 'restore.preview' | 'restore.execute',
  tenantId: string,
  request: RestoreRequest,
  previewRunId: string | null,
): Work {
  const { backupSetId, allowBroadAssignments, conditionalAccessState } = request;
  const itemIds = canonicalIds(request.itemIds);
  const groupMapping = request.groupMapping ?? {};
  const sourceTenantId = request.sourceTenantId ?? null;
  return {
    tenantId,
    operationType,
    target: { type: 'backup_set', id: backupSetId },
    targetId: backupSetId,
    parameters: {
      ...{ backupSetId, sourceTenantId, itemIds, groupMapping, previewRunId },
      ...(allowBroadAssignments === undefined ? {} : { allowBroadAssignments }),
      ...(conditionalAccessState === undefined ? {} : { conditionalAccessState }),
    },
    context: {
      scope: itemIds,
      group_mapping: groupMapping,
      source_tenant_id: sourceTenantId,
      preview_run_id: previewRunId,
      ...(allowBroadAssignments === undefined
        ? {}
        : { allow_broad_assignments: allowBroadAssignments }),
      ...(conditionalAccessState === undefined
        ? {}
        : { conditional_access_state: conditionalAccessState }),
    },
  };
}

/** Planning a restore without carrying it out. */
export function previewRestore(tenantId: string, request: RestoreRequest): Work {
  return restore('restore.preview', tenantId, request, null);
}

/** Restoring a backup set or items of it; with a preview, what that preview showed and nothing else. */
export function executeRestore(
  tenantId: string,
  request: RestoreRequest & { readonly previewRunId?: string | undefined },
): Work {
  return restore('restore.execute', tenantId, request, request.previewRunId ?? null);
}

/** Putting back what a restore has changed, from the snapshots that it took before. */
export function undoRestore(tenantId: string, runId: string, deleteCreated: boolean): Work {
  return {
    tenantId,
    operationType: 'restore.undo',
    target: { type: 'run', id: runId },
    targetId: runId,
    parameters: { runId, deleteCreated },
    context: {},
  };
}

/** Comparing a backup set with the tenant as it is. */
export function checkDrift(tenantId: string, backupSetId: string): Work {
  return {
    tenantId,
    operationType: 'drift.check',
    target: { type: 'backup_set', id: backupSetId },
    targetId: backupSetId,
    parameters: { backupSetId },
    context: {},
  };
}

/** Reading the groups of a tenant into the cache. */
export function syncDirectory(tenantId: string): Work {
  return {
    tenantId,
    operationType: 'directory.sync',
    target: null,
    targetId: null,
    parameters: {},
    context: {},
  };
}
