import type { Kysely } from 'kysely';
import { asDispatcher } from '#db/database.ts';
import { type DispatcherRun, findRunAcrossTenants } from '#db/run/runs.ts';
import type { Database } from '#db/tables.ts';
import { permanentFailure } from './activity-failure.ts';

/**
 * Reads the run of an activity. Its tenant comes from the row: arguments may come from anyone with access to Temporal.
 * @throws ApplicationFailure `run_not_found`, without retries.
 */
export async function runOf(db: Kysely<Database>, runId: string): Promise<DispatcherRun> {
  const run = await asDispatcher(db, (trx) => findRunAcrossTenants(trx, runId));
  if (run === undefined) throw permanentFailure('run_not_found', { runId });
  return run;
}
