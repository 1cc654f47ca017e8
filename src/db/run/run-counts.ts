import { sql } from 'kysely';
import type { TenantTrx } from '#db/database.ts';
import type { RunRow } from '#db/tables.ts';

type RunCount = 'total' | 'succeeded' | 'failed' | 'skipped';

/**
 * Adds to the item counts of a run. It also sets `updated_at`, from which the reconciler sees progress. The statement
 * locks the row of the run until the end of the transaction, so call it last.
 */
export async function addToRunCounts(
  trx: TenantTrx,
  runId: string,
  added: Partial<Pick<RunRow, RunCount>>,
): Promise<void> {
  const { total = 0, succeeded = 0, failed = 0, skipped = 0 } = added;
  await trx
    .updateTable('runs')
    .set((eb) => ({
      total: eb('total', '+', total),
      succeeded: eb('succeeded', '+', succeeded),
      failed: eb('failed', '+', failed),
      skipped: eb('skipped', '+', skipped),
      updated_at: sql`now()`,
    }))
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', runId)
    .execute();
}
