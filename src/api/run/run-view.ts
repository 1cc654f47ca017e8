import { z } from 'zod';
import { errorView, timeView, toError, toTime, toTimeOrNull } from '#api/http/common-view.ts';
import type { Config } from '#config.ts';
import type { RunRow } from '#db/tables.ts';
import { operations, operationTypes } from '#domain/run/operation.ts';
import { runStatuses } from '#domain/run/run.ts';

const count = z.int().nonnegative();

export const runSchema = z.strictObject({
  id: z.string(),
  tenantId: z.string(),
  operationType: z.enum(operationTypes),
  target: z.strictObject({ type: z.string(), id: z.string() }).nullable(),
  parameters: z.record(z.string(), z.unknown()),
  idempotencyKey: z.string(),
  status: z.enum(runStatuses),
  counts: z.strictObject({
    total: count,
    pending: count,
    succeeded: count,
    failed: count,
    skipped: count,
  }),
  progress: z.strictObject({ phase: z.string(), message: z.string() }).nullable(),
  initiator: z.strictObject({ id: z.string(), displayName: z.string() }),
  createdAt: timeView,
  startedAt: timeView.nullable(),
  finishedAt: timeView.nullable(),
  error: errorView.nullable(),
  workflow: z.strictObject({
    workflowId: z.string(),
    runId: z.string().nullable(),
    url: z.string(),
  }),
  links: z.strictObject({ self: z.string(), items: z.string(), console: z.string() }),
});

export type RunView = z.output<typeof runSchema>;

export function runPath(tenantId: string, runId: string): string {
  return `/api/v1/tenants/${tenantId}/runs/${runId}`;
}

// Without a run id, Temporal's Web UI shows the newest execution.
function workflowUrl(row: RunRow, config: Config): string {
  const ui = config.TEMPORAL_UI_URL.replace(/\/+$/, '');
  const namespace = encodeURIComponent(config.TEMPORAL_NAMESPACE);
  const workflow = `${ui}/namespaces/${namespace}/workflows/${row.idempotency_key}`;
  return row.workflow_run_id === null ? workflow : `${workflow}/${row.workflow_run_id}/history`;
}

function consoleUrl(row: RunRow, config: Config): string {
  const base = (config.PUBLIC_URL ?? '').replace(/\/+$/, '');
  return `${base}/#/tenants/${row.tenant_id}/runs/${row.id}`;
}

function progressOf(row: RunRow): RunView['progress'] {
  if (row.status !== 'running') return null;
  const done = row.succeeded + row.failed + row.skipped;
  return {
    phase: operations[row.operation_type].phase,
    message: `${done} of ${row.total} items done`,
  };
}

export function toRunView(row: RunRow, config: Config): RunView {
  const { total, succeeded, failed, skipped } = row;
  const self = runPath(row.tenant_id, row.id);
  return {
    id: row.id,
    tenantId: row.tenant_id,
    operationType: row.operation_type,
    target:
      row.target_type === null || row.target_id === null
        ? null
        : { type: row.target_type, id: row.target_id },
    parameters: row.parameters,
    idempotencyKey: row.idempotency_key,
    status: row.status,
    counts: { total, pending: total - succeeded - failed - skipped, succeeded, failed, skipped },
    progress: progressOf(row),
    initiator: { id: row.initiator_id, displayName: row.initiator_name },
    createdAt: toTime(row.created_at),
    startedAt: toTimeOrNull(row.started_at),
    finishedAt: toTimeOrNull(row.finished_at),
    error: toError(row),
    workflow: {
      workflowId: row.idempotency_key,
      runId: row.workflow_run_id,
      url: workflowUrl(row, config),
    },
    links: { self, items: `${self}/items`, console: consoleUrl(row, config) },
  };
}
