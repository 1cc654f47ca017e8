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

/** Starts the preview of a restore. @throws Problem 403, 400 or 409, checked in this order by the contract. */
export async function startPreview(starting: Starting, request: RestoreRequest): Promise<Answer> {
  const { deps, tenantId } = starting;
  await enterSource(starting, request);
  const set = await readChosenSource(deps, sourceOf(tenantId, request), request);
  await requireMappedGroups(deps, tenantId, request.groupMapping);
  requireFinishedSet(set);
  return startWithSet(starting, previewRestore(tenantId, request), request);
}

/** Starts a restore, with a preview exactly its plan. @throws Problem as {@link startPreview}. */
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
  return startWithSet(starting, executeRestore(tenantId, request), request);
}

type RestoreOfPreview = AskedParameters<'restore.execute'> & { readonly previewRunId: string };

async function startApproved(starting: Starting, request: RestoreOfPreview): Promise<Answer> {
  const { deps, tenantId } = starting;
  await enterSource(starting, request);
  const preview = await findApprovedPreview(deps, tenantId, request.previewRunId);
  const whole = completedBy(preview, request);
  // A reader of the preview may have no role in its source.
  await enterSource(starting, whole);
  await requireSameAsShown(deps, tenantId, preview, request);
  const { backupSetId } = request;
  const set = await readChosenSource(deps, sourceOf(tenantId, whole), { backupSetId });
  requireCurrentPreview(preview, deps.config);
  requireFinishedSet(set);
  // The key covers the caller's parameters; the row has the completed ones.
  const { parameters } = executeRestore(tenantId, whole);
  return startWithSet(starting, { ...executeRestore(tenantId, request), parameters }, whole);
}

/** A restore with the parameters of its preview in place of those that it leaves out. */
function completedBy(
  { request: shown }: ApprovedPreview,
  asked: RestoreOfPreview,
): RestoreOfPreview {
  const given = Object.entries(asked).filter(([, value]) => value !== undefined);
  // requireSameAsShown refuses another mapping, and takes an empty one for the preview's.
  const { groupMapping } = shown;
  const { previewRunId } = asked;
  return { ...shown, ...Object.fromEntries(given), groupMapping, previewRunId };
}

/** Starts a comparison of a backup set with the live tenant. @throws Problem 400 or 409. */
export async function startDriftCheck(starting: Starting, backupSetId: string): Promise<Answer> {
  const { deps, tenantId } = starting;
  requireFinishedSet(await readChosenSource(deps, tenantId, { backupSetId }));
  return startWithSet(starting, checkDrift(tenantId, backupSetId), { backupSetId });
}

/** Starts the undo of a restore. @throws Problem 409 for a run that is no restore or is active. */
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

/** Starts a run and locks its set, so that retention sees the run before it deletes the set. Another tenant's set is not locked. */
function startWithSet(
  { deps, caller, tenantId }: Starting,
  request: RunRequest,
  source: RestoreRequest,
): Promise<Answer> {
  const own = sourceOf(tenantId, source) === tenantId;
  return startRun(deps, caller, request, async (trx) => {
    if (own && !(await lockBackupSetForUse(trx, source.backupSetId))) {
      throw unknownBackupSet(source.backupSetId);
    }
  });
}
