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

/** Temporal did not take the run; the row of the run is failed. */
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
   * Starts a run, or joins the active run of the same request.
   * @param alongside writes in the transaction of the insert, only if this start inserts the run.
   * @throws DispatchFailedError if Temporal is away; the run is failed by then.
   * @throws WriterActiveError if the run would write to the tenant and another run does so now.
   * @throws AuditUnavailableError if the audit trail cannot be written; then there is no run.
   */
  start(
    request: RunRequest,
    initiator: RunInitiator,
    alongside?: Alongside,
  ): Promise<{ run: RunRow; reused: boolean }>;
  /** Requests the cancellation of a run. Returns undefined, and changes no row, if the run is not active. */
  cancel(tenantId: string, runId: string): Promise<RunRow | undefined>;
}

/** Attempts of a start to pass the gate. Each needs another run of the key to begin and end within some milliseconds. */
const gateAttemptsMax = 50;
/** The limit of a cancel request; the reconciler repeats a lost one. */
const cancelDeadlineMs = 3_000;

/** Makes the only starter and canceller of runs. */
export function createRunStarter(deps: {
  db: Kysely<Database>;
  temporal: Temporal;
  log: Logger;
}): RunStarter {
  return {
    async start(request, initiator, alongside) {
      const admitted = await passGate(deps.db, request, initiator, alongside);
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
  request: RunRequest,
  initiator: RunInitiator,
  alongside: Alongside | undefined,
): Promise<{ run: RunRow; reused: boolean }> {
  for (let attempt = 0; attempt < gateAttemptsMax; attempt += 1) {
    const admitted = await inTenant(db, request.tenantId, (trx) =>
      admitRun(trx, request, initiator, alongside),
    );
    if (admitted !== undefined) return admitted;
  }
  throw new Error('runs of this key began and ended too fast to start or join one');
}

/** Fails a run that Temporal did not take. If its workflow has begun after all, the start has succeeded. */
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
 * Cancels the execution of this run and no other: by the key alone, the request could reach the next run of the same
 * key. A queued run needs no request, because its workflow reads the row before it begins.
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
    // The request is on the row: the first activity of the workflow and the reconciler read it there.
    log.warn({ err, runId: run.id }, 'the cancel request did not reach Temporal');
  }
}
