import type { Kysely } from 'kysely';
import { inTenant } from '#db/database.ts';
import { requestRunCancel } from '#db/run/runs.ts';
import type { Database } from '#db/tables.ts';
import { admitRun } from '#temporal/run/admit-run.ts';
import type { RunStarter } from '#temporal/run/run-starter.ts';

/** A starter that writes the rows of runs without Temporal: runs stay queued, and tests decide their ends. */
export function createRowStarter(db: Kysely<Database>): RunStarter {
  return {
    start: (work, initiator, alongside) =>
      inTenant(db, work.tenantId, async (trx) => {
        const admitted = await admitRun(trx, work, initiator, alongside);
        if (admitted === undefined) throw new Error('the run that was in the way is gone');
        return admitted;
      }),
    cancel: (tenantId, runId) => inTenant(db, tenantId, (trx) => requestRunCancel(trx, runId)),
  };
}
