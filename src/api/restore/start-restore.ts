import { requireFinishedSet } from '#api/backup/require-finished-set.ts';
import { Problem } from '#api/http/problem.ts';
import type { Answer } from '#api/http/route.ts';
import { type Starting, startRun } from '#api/run/start-run.ts';
import { lockBackupSetForUse } from '#db/backup/backup-sets.ts';
import type { RunRow } from '#db/tables.ts';
import type { AskedParameters } from '#domain/run/run-parameters.ts';
import {
  checkDrift,
  executeRestore,
  previewRestore,
  type RestoreRequest,
  undoRestore,
  type RunRequest,
} from '#domain/run/run-requests.ts';
import { isTerminal } from '#domain/run/run.ts';
import {
  type ApprovedPreview,
  findApprovedPreview,
  requireCurrentPreview,
  requireSameAsShown,
} from './approved-preview.ts';
import { requireMappedGroups } from './group-mapping.ts';
import { readChosenSource, requireSourceRole, unknownBackupSet } from './restore-source.ts';

/** Starts the preview of a restore. Throws Problem for what the contract refuses: 403, 400 and 409, in this order. */
export async function startPreview(starting: Starting, request: RestoreRequest): Promise<Answer> {
  const { deps, tenantId } = starting;
  await enterSource(starting, request);
  const set = await readChosenSource(deps, sourceOf(tenantId, request), request);
  await requireMappedGroups(deps, tenantId, request.groupMapping);
  requireFinishedSet(set);
  return startHolding(starting, previewRestore(tenantId, request), request);
}

/** Starts a restore, of what a preview has shown if one is named. Throws Problem as {@link startPreview} does. */
export async function startRestore(
  starting: Starting,
  request: AskedParameters<'restore.execute'>,
): Promise<Answer> {
  const { previewRunId } = request;
  if (previewRunId !== undefined) return startApproved(starting, { ...request, previewRunId });
  const { deps, tenantId } = starting;
  await enterSource(starting, request);
  const set = await readChosenSource(deps, sourceOf(tenantId, request), request);
  await requireMappedGroups(deps, tenantId, request.groupMapping);
  requireFinishedSet(set);
  return startHolding(starting, executeRestore(tenantId, request), request);
}

type RestoreOfPreview = AskedParameters<'restore.execute'> & { readonly previewRunId: string };

async function startApproved(starting: Starting, request: RestoreOfPreview): Promise<Answer> {
  const { deps, tenantId } = starting;
  await enterSource(starting, request);
  const preview = await findApprovedPreview(deps, tenantId, request.previewRunId);
  const whole = completedBy(preview, request);
  // Who may see a preview from elsewhere need not be one who may restore from there.
  await enterSource(starting, whole);
  await requireSameAsShown(deps, tenantId, preview, request);
  const { backupSetId } = request;
  const set = await readChosenSource(deps, sourceOf(tenantId, whole), { backupSetId });
  requireCurrentPreview(preview, deps.config);
  requireFinishedSet(set);
  // The key is over what the caller has given; the row tells what is restored.
  const { parameters } = executeRestore(tenantId, whole);
  return startHolding(starting, { ...executeRestore(tenantId, request), parameters }, whole);
}

/** A restore with the parameters of its preview in place of those that it leaves out. */
function completedBy(
  { request: shown }: ApprovedPreview,
  asked: RestoreOfPreview,
): RestoreOfPreview {
  const given = Object.entries(asked).filter(([, value]) => value !== undefined);
  // A mapping that is not the preview's is refused, and an empty one stands for it.
  const { groupMapping } = shown;
  const { previewRunId } = asked;
  return { ...shown, ...Object.fromEntries(given), groupMapping, previewRunId };
}

/** Starts a comparison of a backup set with the tenant. Throws Problem 400 and 409. */
export async function startDriftCheck(starting: Starting, backupSetId: string): Promise<Answer> {
  const { deps, tenantId } = starting;
  requireFinishedSet(await readChosenSource(deps, tenantId, { backupSetId }));
  return startHolding(starting, checkDrift(tenantId, backupSetId), { backupSetId });
}

/** Starts the undo of a restore. Throws Problem 409 where the run is none, or has not ended. */
export async function startUndo(
  { deps, caller, tenantId }: Starting,
  run: RunRow,
  deleteCreated: boolean,
): Promise<Answer> {
  if (run.operation_type !== 'restore.execute') {
    throw new Problem('conflict', 'The run is no restore; there is nothing to undo.');
  }
  if (!isTerminal(run.status)) {
    throw new Problem('conflict', 'The restore has not ended yet. Wait for it, or cancel it.');
  }
  return startRun(deps, caller, undoRestore(tenantId, run.id, deleteCreated));
}

function sourceOf(tenantId: string, { sourceTenantId }: RestoreRequest): string {
  return sourceTenantId ?? tenantId;
}

async function enterSource({ deps, caller, tenantId }: Starting, request: RestoreRequest) {
  const source = sourceOf(tenantId, request);
  if (source !== tenantId) await requireSourceRole(deps, caller, source);
}

/** Starts work on a set that stays until the run is there to keep it. Another tenant's has just been looked at. */
function startHolding(
  { deps, caller, tenantId }: Starting,
  work: RunRequest,
  request: RestoreRequest,
): Promise<Answer> {
  const own = sourceOf(tenantId, request) === tenantId;
  return startRun(deps, caller, work, async (trx) => {
    if (own && !(await lockBackupSetForUse(trx, request.backupSetId))) {
      throw unknownBackupSet(request.backupSetId);
    }
  });
}
