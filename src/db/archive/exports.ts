import type { TenantTrx } from '#db/database.ts';
import { findRunById } from '#db/run/runs.ts';
import type { ArchiveRow, RunRow } from '#db/tables.ts';
import { findArchiveById } from './archives.ts';

/** An export: its run, and its archive until this expires. */
export interface FoundExport {
  readonly run: RunRow;
  readonly archive: ArchiveRow | null;
}

/** Finds an export by its id, the id of its run. */
export async function findExportById(
  trx: TenantTrx,
  exportId: string,
): Promise<FoundExport | undefined> {
  const run = await findRunById(trx, exportId);
  if (run?.operation_type !== 'policies.export') return undefined;
  return { run, archive: (await findArchiveById(trx, exportId)) ?? null };
}
