import { z } from 'zod';
import type { ApiDependencies } from '#api/http/dependencies.ts';
import { type InputError, invalidRequest, Problem } from '#api/http/problem.ts';
import { listPlannedItemIds } from '#db/backup/chosen-items.ts';
import { inTenant } from '#db/database.ts';
import { findRunById } from '#db/run/runs.ts';
import type { RunRow } from '#db/tables.ts';
import { isTerminal } from '#domain/run/run.ts';
import type { RestoreRequest } from '#domain/run/work.ts';
import { refuseOtherItems } from './restore-source.ts';

/** The parameters of a preview as its row keeps them. */
const parametersSchema = z.object({
  backupSetId: z.string(),
  sourceTenantId: z.string().nullable(),
  itemIds: z.array(z.string()).nullable(),
  groupMapping: z.record(z.string(), z.string()),
  allowBroadAssignments: z.boolean().optional(),
  conditionalAccessState: z.literal('asBackedUp').optional(),
});

/** A preview that is to be carried out. */
export interface ApprovedPreview {
  readonly run: RunRow;
  /** What was asked for then. */
  readonly request: RestoreRequest;
}

/**
 * The preview that the body of a restore names.
 * @throws Problem `invalid_request` where it is none of this tenant's, be it another's or nobody's.
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
  const { sourceTenantId, itemIds, ...rest } = parametersSchema.parse(run.parameters);
  return {
    run,
    request: {
      ...rest,
      sourceTenantId: sourceTenantId ?? undefined,
      itemIds: itemIds ?? undefined,
    },
  };
}

/**
 * Checks that what is asked for is what a preview has shown, or items of it.
 * @throws Problem `invalid_request` naming each member that asks for something else.
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

/** Members of a restore that are absent say nothing; those that are there must be the preview's. */
function differences(tenantId: string, shown: RestoreRequest, asked: RestoreRequest): InputError[] {
  const errors: InputError[] = [];
  const compare = (path: keyof RestoreRequest, same: boolean) => {
    if (asked[path] === undefined || same) return;
    errors.push({ path, message: 'is not what the preview was made with' });
  };
  compare('backupSetId', asked.backupSetId === shown.backupSetId);
  compare('sourceTenantId', asked.sourceTenantId === (shown.sourceTenantId ?? tenantId));
  const mapping = asked.groupMapping ?? {};
  // To the key, an empty mapping is none.
  const unmapped = Object.keys(mapping).length === 0;
  compare('groupMapping', unmapped || isSameMapping(mapping, shown.groupMapping ?? {}));
  compare(
    'allowBroadAssignments',
    asked.allowBroadAssignments === (shown.allowBroadAssignments ?? false),
  );
  compare('conditionalAccessState', asked.conditionalAccessState === shown.conditionalAccessState);
  return errors;
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

/** Throws Problem where a preview has nothing to carry out yet, nothing at all, or what may no longer be so. */
export function requireCurrentPreview(
  { run }: ApprovedPreview,
  { PREVIEW_VALID_HOURS: validHours }: { readonly PREVIEW_VALID_HOURS: number },
): void {
  if (!isTerminal(run.status)) {
    throw new Problem('conflict', 'The preview has not ended yet.');
  }
  if (run.status !== 'succeeded' && run.status !== 'partial') {
    throw new Problem('conflict', 'The preview has not succeeded; make another one.');
  }
  const endedAt = run.finished_at?.getTime() ?? 0;
  if (Date.now() - endedAt > validHours * msPerHour) {
    const detail = `The preview has ended more than ${validHours} hours ago. Make another one.`;
    throw new Problem('preview_stale', detail);
  }
}
