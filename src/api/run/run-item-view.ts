import { z } from 'zod';
import { errorView, timeView, toError, toTimeOrNull, warningView } from '#api/http/common-view.ts';
import type { RunItemRow } from '#db/tables.ts';
import { itemActions, itemOutcomes } from '#domain/run/run.ts';

export const runItemSchema = z.strictObject({
  itemId: z.string(),
  backupItemId: z.string().nullable(),
  policyId: z.string().nullable(),
  policyType: z.string(),
  displayName: z.string(),
  action: z.enum(itemActions),
  outcome: z.enum(itemOutcomes),
  error: errorView.nullable(),
  graphId: z.string().nullable(),
  warnings: z.array(warningView),
  attempts: z.int().nonnegative(),
  startedAt: timeView.nullable(),
  finishedAt: timeView.nullable(),
});

export function toRunItemView(row: RunItemRow): z.output<typeof runItemSchema> {
  return {
    itemId: row.item_id,
    backupItemId: row.backup_item_id,
    policyId: row.policy_id,
    policyType: row.policy_type,
    displayName: row.display_name,
    action: row.action,
    outcome: row.outcome,
    error: toError(row),
    graphId: row.graph_id,
    warnings: row.warnings,
    attempts: row.attempts,
    startedAt: toTimeOrNull(row.started_at),
    finishedAt: toTimeOrNull(row.finished_at),
  };
}
