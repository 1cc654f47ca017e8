import type { TenantTrx } from '#db/database.ts';
import type { RunRow } from '#db/tables.ts';
import { type OperationThat, operationThat } from '#domain/run/operation.ts';
import { insertAuditEvent } from './audit-events.ts';

/** The audit trail's words for a run that writes to a tenant. */
const actions: Record<
  OperationThat<'writesToTenant'>,
  { readonly started: string; readonly ended: string }
> = {
  'restore.execute': { started: 'restore.started', ended: 'restore.ended' },
  'restore.undo': { started: 'restore.undo_started', ended: 'restore.undo_ended' },
};

function actionsOf({ operation_type: operationType }: RunRow) {
  if (operationThat('writesToTenant', operationType)) return actions[operationType];
  throw new Error(`${operationType} writes to no tenant, and has no words for the audit trail`);
}

/**
 * Appends that a run which writes to a tenant was started, in the transaction that inserts it: a restore of which
 * nothing can be written down does not start.
 */
export async function auditRunStarted(trx: TenantTrx, run: RunRow): Promise<void> {
  await insertAuditEvent(trx, {
    ...factsOf(run),
    action: actionsOf(run).started,
    details: { ...whereOf(run), options: optionsOf(run), idempotencyKey: run.idempotency_key },
  });
}

/** Appends how a run which writes to a tenant has ended, in the transaction of that transition. */
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

/** From what to where. An undo reads from the snapshots that the restore has taken in the tenant itself. */
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
 * Every parameter that {@link whereOf} does not show. A number stands for thousands of chosen items, because the key
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
