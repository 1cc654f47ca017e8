import { activityInfo } from '@temporalio/activity';
import type { Kysely } from 'kysely';
import { inTenant } from '#db/database.ts';
import { markItemAttempt } from '#db/run/item-attempts.ts';
import { findRunItem } from '#db/run/run-items.ts';
import type { Database, RunItemRow } from '#db/tables.ts';
import type { ItemRef } from '#domain/run/activity-types.ts';
import { runOf } from './run-of.ts';

/**
 * Returns the item of an activity and counts this attempt.
 * @returns undefined if the item has an outcome: this attempt came after a commit or after the end of the run.
 */
export async function openItem(
  db: Kysely<Database>,
  { runId, itemId }: ItemRef,
): Promise<RunItemRow | undefined> {
  const { tenant_id } = await runOf(db, runId);
  return inTenant(db, tenant_id, async (trx) => {
    const { attempt } = activityInfo();
    const pending = await markItemAttempt(trx, runId, itemId, attempt);
    return pending ? findRunItem(trx, runId, itemId) : undefined;
  });
}
