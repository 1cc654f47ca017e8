import { z } from 'zod';
import { warningView } from '#api/http/common-view.ts';
import type { RestoreItem } from '#db/restore/restore-items.ts';
import type { RunRow } from '#db/tables.ts';
import type { Change } from '#domain/diff/diff.ts';
import { type ItemPlan, plannedActions } from '#domain/restore/plan.ts';
import { runStatuses } from '#domain/run/run.ts';

const assignmentSchema = z.strictObject({
  target: z.string().describe("The target's type without Graph's prefix"),
  groupId: z.string().nullable(),
  groupDisplayName: z.string().nullable().describe('From the directory cache'),
  filterId: z.string().nullable(),
  filterType: z.string().nullable(),
  intent: z.string().nullable().describe('Of apps only'),
});

const referenceSchema = z.strictObject({
  policyType: z.string(),
  sourceGraphId: z.string(),
  graphId: z
    .string()
    .nullable()
    .describe('null for a missing object and for one that does not exist yet'),
  resolution: z.enum(['id', 'mapping', 'name', 'planned', 'missing']),
  itemId: z.string().nullable().describe('The item of this run that creates it'),
});

const itemSchema = z.strictObject({
  itemId: z.string(),
  backupItemId: z.string().nullable(),
  policyType: z.string(),
  displayName: z.string(),
  graphId: z.string().nullable().describe('null for an object that does not exist yet'),
  action: z.enum(plannedActions),
  changes: z
    .array(
      z.strictObject({
        path: z.string().describe('Elements of lists by their keys, not by their positions'),
        before: z.unknown().describe('In the tenant; null if absent'),
        after: z.unknown().describe('After the restore; null if absent'),
      }),
    )
    .describe('By path; secrets are shown as ****'),
  references: z.array(referenceSchema),
  assignments: z
    .strictObject({ before: z.array(assignmentSchema), after: z.array(assignmentSchema) })
    .nullable()
    .describe('null for a type without assignments and for a backup without them'),
  warnings: z.array(warningView),
  blockedBy: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
});

export const previewSchema = z.strictObject({
  runId: z.string(),
  status: z.enum(runStatuses),
  items: z.array(itemSchema).describe('In the order of writing, as far as they are planned'),
});

/** The JSON text of a preview up to its first item; {@link previewEnd} ends it. */
export function previewStart({ id, status }: Pick<RunRow, 'id' | 'status'>): string {
  return `${JSON.stringify({ runId: id, status }).slice(0, -1)},"items":[`;
}

export const previewEnd = ']}';

/**
 * The JSON text of a planned item. Inserts values as text, because parsing would change Graph's numbers.
 * @param plan null for a deletion.
 */
export function toPreviewItemJson(row: RestoreItem, plan: ItemPlan | null): string {
  const ends = JSON.stringify({
    itemId: row.item_id,
    backupItemId: row.backup_item_id,
    policyType: row.policy_type,
    displayName: row.display_name,
    graphId: graphIdOf(row),
    action: row.action,
    references: plan?.references ?? [],
    assignments: plan?.assignments ?? null,
    warnings: plan?.warnings ?? [],
    blockedBy: plan?.blockedBy ?? null,
  });
  const changes = (plan?.changes ?? []).map(toChangeJson).join(',');
  return `${ends.slice(0, -1)},"changes":[${changes}]}`;
}

/** A create whose earlier match is gone has no object yet. */
function graphIdOf({ action, graph_id, target_graph_id }: RestoreItem): string | null {
  return action === 'create' && graph_id === target_graph_id ? null : graph_id;
}

function toChangeJson({ path, before, after }: Change): string {
  return `{"path":${JSON.stringify(path)},"before":${before},"after":${after}}`;
}
