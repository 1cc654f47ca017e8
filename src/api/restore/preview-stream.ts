import type { ApiDependencies } from '#api/http/dependencies.ts';
import { inTenant } from '#db/database.ts';
import { openItemPlan } from '#db/restore/item-plans.ts';
import { listPlanItems } from '#db/restore/restore-items.ts';
import type { RunRow } from '#db/tables.ts';
import { previewEnd, previewStart, toPreviewItemJson } from './preview-view.ts';

/** The plans in memory at once: few, because one may be as large as the largest policy. */
const itemsPerPage = 20;

/**
 * The plan of a run as one JSON document, piece by piece, without the items that are not planned yet.
 * @throws SnapshotIntegrityError or StoredPlanError for a damaged plan.
 */
export async function* previewStream(
  { db, cipher }: Pick<ApiDependencies, 'db' | 'cipher'>,
  run: RunRow,
): AsyncGenerator<Buffer, void, void> {
  const { tenant_id: tenantId } = run;
  // The first piece has the first items, so that their damage shows before the answer begins.
  let pending = previewStart(run);
  let separator = '';
  let after = -1;
  for (;;) {
    const page = { after, limit: itemsPerPage };
    const rows = await inTenant(db, tenantId, (trx) => listPlanItems(trx, run.id, page));
    for (const row of rows) {
      if (row.action === null) continue;
      pending += separator + toPreviewItemJson(row, openItemPlan(cipher, row));
      separator = ',';
    }
    const last = rows.at(-1)?.ordinal ?? null;
    if (last === null || rows.length < itemsPerPage) break;
    after = last;
    yield Buffer.from(pending, 'utf8');
    pending = '';
  }
  yield Buffer.from(pending + previewEnd, 'utf8');
}
