import { Problem } from '#api/http/problem.ts';
import type { BackupSetSummary } from '#db/backup/backup-sets.ts';

/** @throws Problem `conflict` for an unfinished set: a run over it would miss a part. */
export function requireFinishedSet({ manifest }: BackupSetSummary): void {
  if (manifest === null) throw new Problem('conflict', 'The backup set is still being made.');
}
