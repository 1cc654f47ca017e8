import { z } from 'zod';
import type { Change } from '#domain/diff/diff.ts';

export const snapshotDiffSchema = z.strictObject({
  snapshotId: z.string(),
  against: z.string().describe('The snapshot of the values before'),
  changes: z
    .array(
      z.strictObject({
        path: z.string().describe('Elements of lists by their keys, not by their positions'),
        before: z.unknown().describe('null if absent before'),
        after: z.unknown().describe('null if absent now'),
      }),
    )
    .describe('By path; secrets are shown as ****'),
});

/** The JSON text of a diff. Inserts values as text, because parsing would change Graph's numbers. */
export function toSnapshotDiffJson(
  snapshotId: string,
  against: string,
  changes: readonly Change[],
): string {
  const texts = changes.map(
    ({ path, before, after }) =>
      `{"path":${JSON.stringify(path)},"before":${before},"after":${after}}`,
  );
  const ends = JSON.stringify({ snapshotId, against }).slice(0, -1);
  return `${ends},"changes":[${texts.join(',')}]}`;
}
