import type { TenantTrx } from '#db/database.ts';
import type { RunRow } from '#db/tables.ts';
import { type OperationThat, operationThat } from '#domain/run/operation.ts';
import { insertAuditEvent } from './audit-events.ts';

/** The audit trail's words for runs with writes to the tenant. */
const actions: Record<
  OperationThat<'writesToTenant'>,
  { readonly started: string; readonly ended: string }
> = {
  'restore.execute': { started: 'restore.started', ended: 'restore.ended' },
  'restore.undo': { started: 'restore.undo_started', ended: 'restore.undo_ended' },
};

function actionsOf({ operation_type: operationType }: RunRow) {
  if (operationThat('writesToTenant', operationType)) return actions[operationType];
  throw new Error(
    `${operationType} is no writing operation, so the audit trail has no words for it`,
  );
}

/**
 * Appends the start of a writing run, in the transaction of its insertion: a restore without an audit event does not
 * start.
 */
export async function auditRunStarted(trx: TenantTrx, run: RunRow): Promise<void> {
  await insertAuditEvent(trx, {
    ...factsOf(run),
    action: actionsOf(run).started,
    details: { ...whereOf(run), options: optionsOf(run), idempotencyKey: run.idempotency_key },
  });
}

/** Appends the end of a writing run, in the transaction of its last transition. */
export async function auditRunEnded(trx: TenantTrx, run: RunRow): Promise<void> {
  const { status, total, succeeded, failed, skipped } = run;
  await insertAuditEvent(trx, {
    ...factsOf(run),
    action: actionsOf(run).ended,
    details: {
      ...whereOf(run),
      status,
      counts: { total, succeeded, failed, skipped },
      errorCode: run.error_code,
    },
  });
}

function factsOf(run: RunRow) {
  const { target_type: type, target_id: id } = run;
  return {
    actor: run.initiator_id,
    runId: run.id,
    ...(type === null || id === null ? {} : { target: { type, id } }),
  };
}

/** Names the source and the target. An undo reads the snapshots taken by the restore in the target itself. */
function whereOf({ tenant_id: tenantId, parameters }: RunRow) {
  const { sourceTenantId, backupSetId, previewRunId, runId } = parameters;
  return {
    from: {
      tenantId: sourceTenantId ?? tenantId,
      ...(backupSetId === undefined ? {} : { backupSetId, previewRunId: previewRunId ?? null }),
      ...(runId === undefined ? {} : { runId }),
    },
    to: { tenantId },
  };
}

/**
 * Every parameter not shown by {@link whereOf}. For thousands of chosen items their number is enough, because the key
 * beside it is a hash over their ids.
 */
function optionsOf({ parameters }: RunRow) {
  const { sourceTenantId: _1, backupSetId: _2, previewRunId: _3, runId: _4, ...rest } = parameters;
  const { itemIds: chosen, ...options } = rest;
  return {
    ...options,
    ...(chosen === undefined ? {} : { chosenItems: Array.isArray(chosen) ? chosen.length : null }),
  };
}
