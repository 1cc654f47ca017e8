import { v7 as uuidv7 } from 'uuid';
import { auditRunStarted } from '#db/audit/restore-audit.ts';
import type { TenantTrx } from '#db/database.ts';
import {
  findActiveRunByKey,
  findActiveWriter,
  insertRun,
  type RunInitiator,
} from '#db/run/runs.ts';
import type { RunRow } from '#db/tables.ts';
import { idempotencyKey } from '#domain/run/idempotency-key.ts';
import { operations, type OperationType } from '#domain/run/operation.ts';
import type { RunRequest } from '#domain/run/run-requests.ts';

/** Another run writes to the tenant. Two writers would take each other's writes for drift. */
export class WriterActiveError extends Error {
  override readonly name = 'WriterActiveError';
  readonly runId: string;
  readonly operationType: OperationType;
  constructor(writer: Pick<RunRow, 'id' | 'operation_type'>) {
    super(`the run ${writer.id} (${writer.operation_type}) writes to the tenant`);
    this.runId = writer.id;
    this.operationType = writer.operation_type;
  }
}

/** Further writes in the transaction that inserts a run. */
export type Alongside = (trx: TenantTrx, run: RunRow) => Promise<void>;

/**
 * Inserts a run, or finds the active run of the same request. The audit event of a writer comes last, because its lock
 * keeps other transactions of the tenant waiting.
 * @returns undefined if the conflicting run has ended meanwhile: the caller tries again.
 * @throws WriterActiveError if the run would write to the tenant and another run does so now.
 */
export async function admitRun(
  trx: TenantTrx,
  request: RunRequest,
  initiator: RunInitiator,
  alongside: Alongside | undefined,
): Promise<{ run: RunRow; reused: boolean } | undefined> {
  const key = idempotencyKey(request);
  const run = await insertRun(trx, {
    id: uuidv7(),
    operationType: request.operationType,
    target: request.target,
    parameters: request.parameters,
    idempotencyKey: key,
    initiator,
  });
  if (run !== undefined) {
    await alongside?.(trx, run);
    if (operations[run.operation_type].writesToTenant) await auditRunStarted(trx, run);
    return { run, reused: false };
  }
  const active = await findActiveRunByKey(trx, key);
  if (active !== undefined) return { run: active, reused: true };
  const writer = await findActiveWriter(trx);
  if (writer !== undefined && operations[request.operationType].writesToTenant) {
    throw new WriterActiveError(writer);
  }
  return undefined;
}
