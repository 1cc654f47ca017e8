import type { Kysely } from 'kysely';
import { inTenant } from '#db/database.ts';
import {
  findRunById,
  lockRunById,
  requestRunCancel,
  type RunInitiator,
  transitionRun,
} from '#db/run/runs.ts';
import type { Database, RunRow } from '#db/tables.ts';
import { failure } from '#domain/run/failure.ts';
import type { RunRequest } from '#domain/run/run-requests.ts';
import type { Logger } from '#logger.ts';
import type { Temporal } from '#temporal/connect.ts';
import { admitRun, type Alongside } from './admit-run.ts';
import { dispatchRun } from './dispatch-run.ts';

/** Temporal did not take the run, and its row says so. */
export class DispatchFailedError extends Error {
  override readonly name = 'DispatchFailedError';
  readonly runId: string;
  constructor(runId: string) {
    super(`the run ${runId} could not be handed to Temporal`);
    this.runId = runId;
  }
}

export interface RunStarter {
  /**
   * Starts a piece of work, or joins the run of it that is active already.
   * @param alongside what is to be written in the transaction that inserts the run, and only if this start does.
   * @throws DispatchFailedError when Temporal cannot be reached; the run is failed by then.
   * @throws WriterActiveError when the work writes to the tenant, and other work does so at present.
   * @throws AuditUnavailableError when the audit trail cannot be written; then there is no run.
   */
  start(
    work: RunRequest,
    initiator: RunInitiator,
    alongside?: Alongside,
  ): Promise<{ run: RunRow; reused: boolean }>;
  /** Asks for a run to be cancelled. Returns undefined, changing nothing, when it is not active. */
  cancel(tenantId: string, runId: string): Promise<RunRow | undefined>;
}

/**
 * How often a start looks again when the run that held its key has ended between the refused insert and the read.
 * Each round needs another run to come and go within a few milliseconds.
 */
const gateAttemptsMax = 50;
/** How long a cancel request waits for Temporal; the reconciler passes on what did not get through. */
const cancelDeadlineMs = 3_000;

/** The one way to start or cancel a run. */
export function createRunStarter(deps: {
  db: Kysely<Database>;
  temporal: Temporal;
  log: Logger;
}): RunStarter {
  return {
    async start(work, initiator, alongside) {
      const admitted = await passGate(deps.db, work, initiator, alongside);
      if (admitted.reused) return admitted;
      if (await dispatchRun(deps.temporal, admitted.run)) return admitted;
      return { run: await closeUndispatched(deps.db, admitted.run), reused: false };
    },
    async cancel(tenantId, runId) {
      const run = await inTenant(deps.db, tenantId, (trx) => requestRunCancel(trx, runId));
      if (run !== undefined) await cancelWorkflow(deps, run);
      return run;
    },
  };
}

async function passGate(
  db: Kysely<Database>,
  work: RunRequest,
  initiator: RunInitiator,
  alongside: Alongside | undefined,
): Promise<{ run: RunRow; reused: boolean }> {
  for (let attempt = 0; attempt < gateAttemptsMax; attempt += 1) {
    const admitted = await inTenant(db, work.tenantId, (trx) =>
      admitRun(trx, work, initiator, alongside),
    );
    if (admitted !== undefined) return admitted;
  }
  throw new Error('runs of one key came and went too fast to start or join one');
}

/** Fails a run that Temporal did not take; if its workflow has begun all the same, the start has succeeded. */
async function closeUndispatched(db: Kysely<Database>, run: RunRow): Promise<RunRow> {
  const now = await inTenant(db, run.tenant_id, async (trx) => {
    const current = await lockRunById(trx, run.id);
    if (current?.status !== 'queued') return findRunById(trx, run.id);
    return transitionRun(trx, run.id, 'failed', failure('dispatch_failed'));
  });
  if (now === undefined || now.error_code === 'dispatch_failed') {
    throw new DispatchFailedError(run.id);
  }
  return now;
}

/**
 * Passes a cancel request on to the execution that works for the run, and to no other: by its key alone it could
 * reach the next run of the same work, should this one end meanwhile. A queued run needs no message, since its
 * workflow looks at the row before it begins.
 */
async function cancelWorkflow(
  { temporal: { client }, log }: { temporal: Temporal; log: Logger },
  run: RunRow,
): Promise<void> {
  const { workflow_run_id: execution } = run;
  if (execution === null) return;
  try {
    await client.withDeadline(Date.now() + cancelDeadlineMs, () =>
      client.workflow.getHandle(run.idempotency_key, execution).cancel(),
    );
  } catch (err) {
    // The request is on the row: the first activity of the workflow and the reconciler both look there.
    log.warn({ err, runId: run.id }, 'cancel request did not reach Temporal');
  }
}
