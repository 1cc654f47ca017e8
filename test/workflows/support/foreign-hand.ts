import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { inTenant } from '#db/database.ts';
import { insertRun } from '#db/run/runs.ts';
import type { RunRow } from '#db/tables.ts';
import { idempotencyKey } from '#domain/run/idempotency-key.ts';
import type { RunRequest } from '#domain/run/run-requests.ts';
import type { TestDatabase } from '#test/support/database.ts';
import { initiator } from '#test/support/kernel.ts';

/** Rows as crashed processes and foreign hands leave them. */

/** Inserts a run without a workflow, as an API process does that dies after the commit. */
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

/** Fails the row of a run during its workflow, as an API process does after a start without an answer. */
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

/** Ages a row beyond the limit of the reconciler. */
export async function ageRun(database: TestDatabase, run: Pick<RunRow, 'id'>): Promise<void> {
  await database.owner.db
    .updateTable('runs')
    .set({ updated_at: sql<Date>`now() - interval '1 minute'` })
    .where('id', '=', run.id)
    .execute();
}
