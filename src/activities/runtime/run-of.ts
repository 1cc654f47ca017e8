import type { Kysely } from 'kysely';
import { asDispatcher } from '#db/database.ts';
import { type DispatcherRun, findRunAcrossTenants } from '#db/run/runs.ts';
import type { Database } from '#db/tables.ts';
import { permanentFailure } from './activity-failure.ts';

/**
 * The run that an activity works for. Its tenant is the one that counts: arguments come from whoever started the
 * workflow, and that may be anybody who reaches Temporal.
 * @throws ApplicationFailure `run_not_found`, not to be retried.
 */
export async function runOf(db: Kysely<Database>, runId: string): Promise<DispatcherRun> {
  const run = await asDispatcher(db, (trx) => findRunAcrossTenants(trx, runId));
  if (run === undefined) throw permanentFailure('run_not_found', { runId });
  return run;
}
