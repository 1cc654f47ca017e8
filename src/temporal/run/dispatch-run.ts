import { type Client, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { operations, type OperationType } from '#domain/run/operation.ts';
import { type RunInput, runRequestedSignal } from '#domain/run/run-input.ts';
import { type RunMemo, runIdOfMemo } from '#domain/run/run-memo.ts';
import { runsTaskQueue } from '#domain/run/task-queues.ts';
import type { Temporal } from '#temporal/connect.ts';
import {
  initiatorAttribute,
  operationTypeAttribute,
  runIdAttribute,
  tenantIdAttribute,
} from '#temporal/search-attributes.ts';

export interface DispatchableRun {
  readonly id: string;
  readonly tenant_id: string;
  readonly operation_type: OperationType;
  readonly idempotency_key: string;
  readonly initiator_id: string;
}

/** The limit of the start. With the question after it, the caller has an answer within 10 s. */
const startDeadlineMs = 6_000;
/** The limit of the question whether a start without an answer has happened. */
const askDeadlineMs = 3_000;
/** The longest dispatch. The reconciler leaves younger rows alone. */
export const dispatchSecondsMax = (startDeadlineMs + askDeadlineMs) / 1000;

/** A run is stuck after a day. A wait for approvals will get its own limit. */
const workflowRunTimeout = '24 hours';
/** One level before Temporal's default of 3. */
const writerPriority = 2;
/** Temporal's default: another worker gets a workflow task after this time. */
const workflowTaskTimeout = '10 seconds';

/**
 * Hands a run to Temporal. This is the only place that starts a run's workflow.
 *
 * The workflow ID is the run's key. If an execution with this ID is closing, the signal of the start tells it the new
 * run, and the execution continues as new with it. A second start of the same run is a no-op.
 * @returns whether the workflow certainly knows the run. If false, the caller must close the run's row; a late start
 * then finds a closed row and ends.
 */
export async function dispatchRun(temporal: Temporal, run: DispatchableRun): Promise<boolean> {
  try {
    await temporal.client.withDeadline(Date.now() + startDeadlineMs, () =>
      signalWithStart(temporal, run),
    );
    return true;
  } catch {
    return isKnownToTemporal(temporal.client, run);
  }
}

async function signalWithStart(temporal: Temporal, run: DispatchableRun): Promise<void> {
  const input: RunInput = { runId: run.id, tenantId: run.tenant_id };
  const memo: RunMemo = { runId: run.id };
  await temporal.client.workflow.signalWithStart(operations[run.operation_type].workflowType, {
    workflowId: run.idempotency_key,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    taskQueue: runsTaskQueue,
    args: [input],
    signal: runRequestedSignal,
    signalArgs: [input],
    workflowRunTimeout,
    workflowTaskTimeout,
    staticSummary: `${run.operation_type} for tenant ${run.tenant_id}`,
    staticDetails: `Run \`${run.id}\`, started by \`${run.initiator_id}\`.`,
    memo: { ...memo },
    typedSearchAttributes: new TypedSearchAttributes([
      { key: tenantIdAttribute, value: run.tenant_id },
      { key: operationTypeAttribute, value: run.operation_type },
      { key: runIdAttribute(temporal.runIdAttributeName), value: run.id },
      { key: initiatorAttribute, value: run.initiator_id },
    ]),
    // A tenant with a long backlog must not delay the others. Activities inherit this key.
    priority: {
      fairnessKey: run.tenant_id,
      // An administrator waits for a restore, but not for a nightly backup.
      ...(operations[run.operation_type].writesToTenant ? { priorityKey: writerPriority } : {}),
    },
  });
}

async function isKnownToTemporal(client: Client, run: DispatchableRun): Promise<boolean> {
  try {
    const execution = await client.withDeadline(Date.now() + askDeadlineMs, () =>
      client.workflow.getHandle(run.idempotency_key).describe(),
    );
    return runIdOfMemo(execution.memo) === run.id;
  } catch {
    // Not found or no answer: the caller must not rely on the start.
    return false;
  }
}
