import type { RunIdentity } from './idempotency-key.ts';
import type { ExportFormat, OperationType } from './operation.ts';
import { type AskedParameters, keepParameters } from './run-parameters.ts';

/** A request to start a run: its target and parameters, and the identity in its idempotency key. */
export interface RunRequest extends Omit<RunIdentity, 'operationType'> {
  readonly operationType: OperationType;
  readonly target: { readonly type: string; readonly id: string } | null;
  /** The parameters as the row keeps them, in the API's camelCase. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/**
 * A request for an operation on a target.
 * @param keyTargetId the target in the idempotency key, if it is not the id of the target.
 */
export function runRequest<O extends OperationType>(
  operationType: O,
  tenantId: string,
  target: RunRequest['target'],
  asked: AskedParameters<O>,
  keyTargetId: string | null = target?.id ?? null,
): RunRequest {
  const kept = keepParameters(operationType, asked);
  return { tenantId, operationType, target, targetId: keyTargetId, ...kept };
}

const backupSet = (id: string) => ({ type: 'backup_set', id });

/** Lists the policies of a tenant, of some policy types or of all. */
export function inventorySync(tenantId: string, types: readonly string[] | undefined): RunRequest {
  return runRequest('inventory.sync', tenantId, null, { types });
}

/** Captures one policy as a snapshot. */
export function captureSnapshot(tenantId: string, policyId: string): RunRequest {
  const target = { type: 'policy', id: policyId };
  return runRequest('policy.capture_snapshot', tenantId, target, { policyId });
}

export type BackupRequest = AskedParameters<'backup_set.create'>;
/** The content of a backup: exactly one of the three. */
export type BackupSelection = Pick<BackupRequest, 'policyIds' | 'types' | 'all'>;
export type AdditionRequest = AskedParameters<'backup_set.add_policies'>;

/** Makes a backup set; it gets the id `backupSetId` if this request starts the run. */
export function createBackupSet(
  tenantId: string,
  backupSetId: string,
  request: BackupRequest,
): RunRequest {
  return runRequest('backup_set.create', tenantId, backupSet(backupSetId), request, null);
}

/** Adds policies to an existing backup set. */
export function addPolicies(
  tenantId: string,
  backupSetId: string,
  request: AdditionRequest,
): RunRequest {
  return runRequest('backup_set.add_policies', tenantId, backupSet(backupSetId), request);
}

/** Makes the backup set of a schedule; it gets the id `backupSetId` if this request starts the run. */
export function runBackupSchedule(
  tenantId: string,
  scheduleId: string,
  backupSetId: string,
  request: BackupRequest,
): RunRequest {
  const asked = { scheduleId, ...request };
  const set = backupSet(backupSetId);
  return runRequest('backup_schedule.run', tenantId, set, asked, scheduleId);
}

/** Writes a backup set into a zip. */
export function exportPolicies(
  tenantId: string,
  backupSetId: string,
  format: ExportFormat,
): RunRequest {
  return runRequest('policies.export', tenantId, backupSet(backupSetId), { format });
}

/**
 * Makes a backup set of a zip; it gets the id `backupSetId` if this request starts the run.
 * @param sha256 of the zip, lower-case hex: the same zip twice at once is one import.
 */
export function importPolicies(tenantId: string, backupSetId: string, sha256: string): RunRequest {
  return runRequest('policies.import', tenantId, backupSet(backupSetId), { sha256 }, null);
}

/** The common parameters of a restore and its preview. */
export type RestoreRequest = Omit<AskedParameters<'restore.preview'>, 'previewRunId'>;

/** Plans a restore without carrying it out. */
export function previewRestore(tenantId: string, request: RestoreRequest): RunRequest {
  return runRequest('restore.preview', tenantId, backupSet(request.backupSetId), request);
}

/** Restores a backup set or items of it; with a preview, exactly the plan of that preview. */
export function executeRestore(
  tenantId: string,
  request: AskedParameters<'restore.execute'>,
): RunRequest {
  return runRequest('restore.execute', tenantId, backupSet(request.backupSetId), request);
}

/** Reverses a restore from its snapshots of the tenant before each write. */
export function undoRestore(tenantId: string, runId: string, deleteCreated: boolean): RunRequest {
  return runRequest('restore.undo', tenantId, { type: 'run', id: runId }, { runId, deleteCreated });
}

/** Compares a backup set with the live tenant. */
export function checkDrift(tenantId: string, backupSetId: string): RunRequest {
  return runRequest('drift.check', tenantId, backupSet(backupSetId), { backupSetId });
}

/** Reads the groups of a tenant into the cache. */
export function syncDirectory(tenantId: string): RunRequest {
  return runRequest('directory.sync', tenantId, null, {});
}
