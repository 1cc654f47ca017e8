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

/** How long the start itself may take. With the question after it, the caller is answered within 10 s. */
const startDeadlineMs = 6_000;
/** How long Temporal is asked whether a start whose answer was lost has happened after all. */
const askDeadlineMs = 3_000;
/** The longest that a dispatch can take; whoever looks for lost runs waits longer than this. */
export const dispatchSecondsMax = (startDeadlineMs + askDeadlineMs) / 1000;

/** A run that a day was not enough for is stuck; waiting for approvals will get a limit of its own. */
const workflowRunTimeout = '24 hours';
/** One before Temporal's default of 3. */
const writerPriority = 2;
/** Temporal's default: how long a worker may hold a workflow task before another one gets it. */
const workflowTaskTimeout = '10 seconds';

/**
 * Hands a run to Temporal: the only place that starts a run's workflow.
 *
 * The workflow ID is the run's key. If an execution with it is still closing, the signal that goes with the start
 * tells it of this run, and it continues as new with it; a second start of the same run changes nothing.
 * @returns whether the workflow is certain to know of the run. When false, the run's row must be closed; should the
 * start arrive late all the same, the workflow finds that row closed and ends.
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
    // A tenant with a long backlog must not keep the others waiting: activities inherit this key.
    priority: {
      fairnessKey: run.tenant_id,
      // Somebody waits for a restore, and nobody for a nightly backup.
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
    // Not found, or no answer: either way nobody may rely on the start.
    return false;
  }
}
