import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { inTenant } from '#db/database.ts';
import { insertRun } from '#db/run/runs.ts';
import type { RunRow } from '#db/tables.ts';
import { idempotencyKey } from '#domain/run/idempotency-key.ts';
import type { RunRequest } from '#domain/run/run-requests.ts';
import type { TestDatabase } from '#test/support/database.ts';
import { initiator } from '#test/support/kernel.ts';

/** What processes that died half-way leave behind, and what other hands do to rows. */

/** A run as an API process leaves it that dies between its commit and the start of the workflow. */
export async function insertUndispatchedRun(
  database: TestDatabase,
  work: RunRequest,
): Promise<RunRow> {
  const run = await inTenant(database.app.db, work.tenantId, (trx) =>
    insertRun(trx, {
      id: uuidv7(),
      operationType: work.operationType,
      target: work.target,
      parameters: work.parameters,
      idempotencyKey: idempotencyKey(work),
      initiator,
    }),
  );
  if (run === undefined) throw new Error('the key of the work is taken');
  return run;
}

/** Ends the row of a run while its workflow works on, as an API process does whose start had no answer. */
export async function failRowBehindItsWorkflow(
  database: TestDatabase,
  run: Pick<RunRow, 'id'>,
): Promise<void> {
  await database.owner.db
    .updateTable('runs')
    .set({ status: 'failed', finished_at: sql`now()` })
    .where('id', '=', run.id)
    .execute();
}

/** Makes the reconciler take a run for one that nothing has touched for long. */
export async function ageRun(database: TestDatabase, run: Pick<RunRow, 'id'>): Promise<void> {
  await database.owner.db
    .updateTable('runs')
    .set({ updated_at: sql<Date>`now() - interval '1 minute'` })
    .where('id', '=', run.id)
    .execute();
}
