import type { ApiDependencies } from '#api/http/dependencies.ts';
import { type InputError, invalidRequest, Problem } from '#api/http/problem.ts';
import { listPlannedItemIds } from '#db/backup/chosen-items.ts';
import { inTenant } from '#db/database.ts';
import { findRunById } from '#db/run/runs.ts';
import type { RunRow } from '#db/tables.ts';
import { type ParametersOf, parametersOf } from '#domain/run/run-parameters.ts';
import { isTerminal } from '#domain/run/run.ts';
import type { RestoreRequest } from '#domain/run/run-requests.ts';
import { refuseOtherItems } from './restore-source.ts';

/** A preview for a restore to carry out. */
export interface ApprovedPreview {
  readonly run: RunRow;
  /** The request for the preview. */
  readonly request: ParametersOf<'restore.preview'>;
}

/**
 * The preview in the body of a restore.
 * @throws Problem `invalid_request` for an unknown one and for another tenant's alike.
 */
export async function findApprovedPreview(
  deps: ApiDependencies,
  tenantId: string,
  previewRunId: string,
): Promise<ApprovedPreview> {
  const run = await inTenant(deps.db, tenantId, (trx) => findRunById(trx, previewRunId));
  if (run?.operation_type !== 'restore.preview') {
    const message = `${previewRunId} is no preview of a restore in this tenant`;
    throw invalidRequest([{ path: 'previewRunId', message }]);
  }
  return { run, request: parametersOf(run.operation_type, run.parameters) };
}

/**
 * Checks that a restore asks for its preview or for items of it.
 * @throws Problem `invalid_request` naming each member that differs from the preview.
 */
export async function requireSameAsShown(
  deps: ApiDependencies,
  tenantId: string,
  { run, request: shown }: ApprovedPreview,
  asked: RestoreRequest,
): Promise<void> {
  const errors = differences(tenantId, shown, asked);
  if (errors.length > 0) throw invalidRequest(errors);
  const { itemIds } = asked;
  if (itemIds === undefined) return;
  const planned = await inTenant(deps.db, tenantId, (trx) =>
    listPlannedItemIds(trx, run.id, itemIds),
  );
  refuseOtherItems(itemIds, planned, 'was not planned by this preview');
}

/** An error for each parameter that differs from the preview's; an absent one never differs. */
function differences(
  tenantId: string,
  shown: ApprovedPreview['request'],
  asked: RestoreRequest,
): InputError[] {
  const mapping = asked.groupMapping ?? {};
  const same: Record<keyof RestoreRequest, boolean> = {
    backupSetId: asked.backupSetId === shown.backupSetId,
    sourceTenantId: asked.sourceTenantId === (shown.sourceTenantId ?? tenantId),
    // requireSameAsShown looks items up in the plan.
    itemIds: true,
    // The idempotency key takes an empty mapping for none.
    groupMapping: Object.keys(mapping).length === 0 || isSameMapping(mapping, shown.groupMapping),
    allowBroadAssignments: asked.allowBroadAssignments === (shown.allowBroadAssignments ?? false),
    conditionalAccessState: asked.conditionalAccessState === shown.conditionalAccessState,
  };
  const paths = Object.keys(same) as (keyof RestoreRequest)[];
  return paths
    .filter((path) => asked[path] !== undefined && !same[path])
    .map((path) => ({ path, message: 'differs from the preview' }));
}

function isSameMapping(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): boolean {
  const entries = Object.entries(one);
  return (
    entries.length === Object.keys(other).length &&
    entries.every(([from, to]) => Object.hasOwn(other, from) && other[from] === to)
  );
}

const msPerHour = 3_600_000;

/** @throws Problem 409 for a preview that is active, has not succeeded, or is too old. */
export function requireCurrentPreview(
  { run }: ApprovedPreview,
  { PREVIEW_VALID_HOURS: validHours }: { readonly PREVIEW_VALID_HOURS: number },
): void {
  if (!isTerminal(run.status)) {
    throw new Problem('conflict', 'The preview has not ended yet.');
  }
  if (run.status !== 'succeeded' && run.status !== 'partial') {
    throw new Problem('conflict', 'The preview has not succeeded. Make another one.');
  }
  const endedAt = run.finished_at?.getTime() ?? 0;
  if (Date.now() - endedAt > validHours * msPerHour) {
    const detail = `The preview has ended more than ${validHours} hours ago. Make another one.`;
    throw new Problem('preview_stale', detail);
  }
}
