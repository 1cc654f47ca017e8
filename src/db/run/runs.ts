import { sql } from 'kysely';
import { auditRunEnded } from '#db/audit/restore-audit.ts';
import type { DispatcherTrx, TenantTrx } from '#db/database.ts';
import { type Page, type PageRequest, toPage } from '#db/page.ts';
import type { RunRow } from '#db/tables.ts';
import type { Failure } from '#domain/run/failure.ts';
import { operations, type OperationType, writingOperations } from '#domain/run/operation.ts';
import {
  activeRunStatuses,
  isTerminal,
  type RunStatus,
  statusesLeadingTo,
} from '#domain/run/run.ts';
import { insertNotification } from './notifications.ts';

export interface NewRun {
  readonly id: string;
  readonly operationType: OperationType;
  readonly target: { readonly type: string; readonly id: string } | null;
  /** As given by the caller, for display and for a rerun. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly idempotencyKey: string;
  readonly initiator: RunInitiator;
}

export interface RunInitiator {
  readonly id: string;
  readonly displayName: string;
  /** The recipient of the run's notifications, if the initiator is no person. */
  readonly notifiedId?: string;
}

/**
 * Inserts a queued run with its notification, unless a run with the same key is active, or, for a writing run, another
 * writing run.
 * @returns undefined if another run is in the way; it may have ended by the time the caller reads it.
 */
export async function insertRun(trx: TenantTrx, run: NewRun): Promise<RunRow | undefined> {
  const inserted = await trx
    .insertInto('runs')
    .values({
      tenant_id: trx.tenantId,
      id: run.id,
      operation_type: run.operationType,
      target_type: run.target?.type ?? null,
      target_id: run.target?.id ?? null,
      parameters: JSON.stringify(run.parameters),
      idempotency_key: run.idempotencyKey,
      status: 'queued',
      initiator_id: run.initiator.id,
      initiator_name: run.initiator.displayName,
      notified_id: run.initiator.notifiedId ?? null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  if (inserted !== undefined) await insertNotification(trx, inserted);
  return inserted;
}

/** Finds the active run with the key. */
export function findActiveRunByKey(
  trx: TenantTrx,
  idempotencyKey: string,
): Promise<RunRow | undefined> {
  return trx
    .selectFrom('runs')
    .selectAll()
    .where('tenant_id', '=', trx.tenantId)
    .where('idempotency_key', '=', idempotencyKey)
    .where('status', 'in', [...activeRunStatuses])
    .executeTakeFirst();
}

/** Finds the active run with writes to the tenant. A tenant has at most one. */
export function findActiveWriter(trx: TenantTrx): Promise<RunRow | undefined> {
  return trx
    .selectFrom('runs')
    .selectAll()
    .where('tenant_id', '=', trx.tenantId)
    .where('operation_type', 'in', writingOperations)
    .where('status', 'in', [...activeRunStatuses])
    .executeTakeFirst();
}

export function findRunById(trx: TenantTrx, runId: string): Promise<RunRow | undefined> {
  return trx
    .selectFrom('runs')
    .selectAll()
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', runId)
    .executeTakeFirst();
}

/** Finds a run and locks it until the end of the transaction, for decisions by its status. */
export function lockRunById(trx: TenantTrx, runId: string): Promise<RunRow | undefined> {
  return trx
    .selectFrom('runs')
    .selectAll()
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', runId)
    .forUpdate()
    .executeTakeFirst();
}

export interface RunFilter {
  readonly status?: RunStatus | undefined;
  readonly operationType?: OperationType | undefined;
  readonly activeOnly?: boolean | undefined;
}

/** Lists the runs of a tenant, newest first. */
export async function listRuns(
  trx: TenantTrx,
  filter: RunFilter,
  page: PageRequest,
): Promise<Page<RunRow>> {
  let query = trx.selectFrom('runs').selectAll().where('tenant_id', '=', trx.tenantId);
  if (filter.status !== undefined) query = query.where('status', '=', filter.status);
  if (filter.operationType !== undefined) {
    query = query.where('operation_type', '=', filter.operationType);
  }
  if (filter.activeOnly) query = query.where('status', 'in', [...activeRunStatuses]);
  if (page.before !== null) query = query.where('id', '<', page.before);
  const rows = await query
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute();
  return toPage(rows, page.limit, (row) => row.id);
}

/**
 * Moves a run to a status, if the table of legal transitions allows it. The notification, and the audit event at the
 * end of a writing run, are part of the transaction.
 * @returns undefined, without a change, if the run's present status does not lead there.
 */
export async function transitionRun(
  trx: TenantTrx,
  runId: string,
  to: Exclude<RunStatus, 'queued'>,
  reason?: Failure,
): Promise<RunRow | undefined> {
  const timestamp = to === 'running' ? 'started_at' : 'finished_at';
  const updated = await trx
    .updateTable('runs')
    .set({
      status: to,
      [timestamp]: sql`now()`,
      updated_at: sql`now()`,
      error_code: reason?.code ?? null,
      error_message: reason?.message ?? null,
      error_context: reason === undefined ? null : JSON.stringify(reason.context),
    })
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', runId)
    .where('status', 'in', statusesLeadingTo(to))
    .returningAll()
    .executeTakeFirst();
  if (updated === undefined) return undefined;
  await insertNotification(trx, updated);
  if (isTerminal(to) && operations[updated.operation_type].writesToTenant)
    await auditRunEnded(trx, updated);
  return updated;
}

/** Stores the id of the workflow's execution, for the link into the Web UI. */
export async function setWorkflowRunId(
  trx: TenantTrx,
  runId: string,
  workflowRunId: string,
): Promise<void> {
  await trx
    .updateTable('runs')
    .set({ workflow_run_id: workflowRunId })
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', runId)
    .execute();
}

/**
 * Records a request to cancel an active run; the first request counts.
 * @returns undefined if the run is not active.
 */
export function requestRunCancel(trx: TenantTrx, runId: string): Promise<RunRow | undefined> {
  return trx
    .updateTable('runs')
    .set({ cancel_requested_at: sql<Date>`coalesce(cancel_requested_at, now())` })
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', runId)
    .where('status', 'in', [...activeRunStatuses])
    .returningAll()
    .executeTakeFirst();
}

/** The columns of a run visible to the dispatcher, in all tenants. */
export type DispatcherRun = Pick<
  RunRow,
  | 'tenant_id'
  | 'id'
  | 'operation_type'
  | 'status'
  | 'idempotency_key'
  | 'initiator_id'
  | 'cancel_requested_at'
>;

const dispatcherColumns = [
  'tenant_id',
  'id',
  'operation_type',
  'status',
  'idempotency_key',
  'initiator_id',
  'cancel_requested_at',
] as const;

/** Finds a run in any tenant. */
export function findRunAcrossTenants(
  trx: DispatcherTrx,
  runId: string,
): Promise<DispatcherRun | undefined> {
  return trx
    .selectFrom('runs')
    .select(dispatcherColumns)
    .where('id', '=', runId)
    .executeTakeFirst();
}

/**
 * Lists the active runs of all tenants without a recent change, in the order of their ids.
 * @param options.after the last id of the previous batch, or null.
 */
export function listStaleActiveRuns(
  trx: DispatcherTrx,
  options: { unchangedForSeconds: number; after: string | null; limit: number },
): Promise<DispatcherRun[]> {
  return trx
    .selectFrom('runs')
    .select(dispatcherColumns)
    .where('status', 'in', [...activeRunStatuses])
    .where(
      'updated_at',
      '<',
      sql<Date>`now() - make_interval(secs => ${options.unchangedForSeconds})`,
    )
    .$if(options.after !== null, (query) => query.where('id', '>', options.after))
    .orderBy('id')
    .limit(options.limit)
    .execute();
}
