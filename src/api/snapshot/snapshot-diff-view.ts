import { z } from 'zod';
import type { Change } from '#domain/diff/diff.ts';

export const snapshotDiffSchema = z.strictObject({
  snapshotId: z.string(),
  against: z.string().describe('The snapshot that the values before are of'),
  changes: z
    .array(
      z.strictObject({
        path: z.string().describe('Elements of lists by their keys, not by their positions'),
        before: z.unknown().describe('null where there was nothing'),
        after: z.unknown().describe('null where there is nothing any more'),
      }),
    )
    .describe('By path; secrets are shown as ****'),
});

/** The JSON text of a diff. Values are set in as text, since parsing would change numbers that Graph has sent. */
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
