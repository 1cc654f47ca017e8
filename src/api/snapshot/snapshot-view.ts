import { z } from 'zod';
import { timeView, toTime, warningView } from '#api/http/common-view.ts';
import type { SnapshotSummary } from '#db/snapshot/snapshots.ts';

export const snapshotSchema = z.strictObject({
  id: z.string(),
  policyId: z.string(),
  policyType: z.string(),
  displayName: z.string(),
  graphId: z.string(),
  capturedAt: timeView,
  runId: z.string(),
  sha256: z.string().describe('Lower-case hex, of the UTF-8 bytes of the content'),
  bytes: z.int().nonnegative(),
  complete: z.boolean(),
  warnings: z.array(warningView),
});

export const snapshotWithContentSchema = snapshotSchema.extend({
  content: z
    .strictObject({
      item: z.unknown(),
      children: z.record(z.string(), z.unknown()),
      assignments: z.array(z.unknown()).nullable(),
    })
    .describe('The parts that Graph sent, byte for byte'),
});

/** A snapshot without its content. */
export function toSnapshotView(row: SnapshotSummary): z.output<typeof snapshotSchema> {
  return {
    id: row.id,
    policyId: row.policy_id,
    policyType: row.policy_type,
    displayName: row.display_name,
    graphId: row.graph_id,
    capturedAt: toTime(row.captured_at),
    runId: row.run_id,
    sha256: row.sha256.toString('hex'),
    bytes: row.byte_length,
    complete: row.complete,
    warnings: row.warnings,
  };
}

/**
 * The JSON text of a snapshot with its content. Inserts the content as text: parsing and writing would change numbers and
 * keys, and so the hash.
 */
export function toSnapshotJson(row: SnapshotSummary, content: string): string {
  return `${JSON.stringify(toSnapshotView(row)).slice(0, -1)},"content":${content}}`;
}
