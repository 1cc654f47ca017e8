import type { Kysely } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { inTenant } from '../../../src/db/database.ts';
import { findActiveRunByKey, insertRun, requestRunCancel } from '../../../src/db/runs.ts';
import type { Database } from '../../../src/db/tables.ts';
import { idempotencyKey } from '../../../src/domain/idempotency-key.ts';
import type { RunStarter } from '../../../src/temporal/run-starter.ts';

/** A starter that writes the rows of runs and hands them to nobody: runs stay queued, so tests decide what they become. */
export function createRowStarter(db: Kysely<Database>): RunStarter {
  return {
    start: (work, initiator, alongside) =>
      inTenant(db, work.tenantId, async (trx) => {
        const key = idempotencyKey(work);
        const { operationType, target, parameters } = work;
        const run = await insertRun(trx, work.tenantId, {
          id: uuidv7(),
          operationType,
          target,
          parameters,
          idempotencyKey: key,
          initiator,
        });
        if (run !== undefined) {
          await alongside?.(trx, run);
          return { run, reused: false };
        }
        const active = await findActiveRunByKey(trx, work.tenantId, key);
        if (active === undefined) throw new Error('the run that held the key is gone');
        return { run: active, reused: true };
      }),
    cancel: (tenantId, runId) =>
      inTenant(db, tenantId, (trx) => requestRunCancel(trx, tenantId, runId)),
  };
}
