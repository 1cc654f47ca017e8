import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { RunRow } from '#db/tables.ts';
import { intervalSignal } from '#domain/run/reconciler.ts';
import { runsTaskQueue } from '#domain/run/task-queues.ts';
import {
  type BackupRequest,
  captureSnapshot,
  inventorySync,
  syncDirectory,
  type RunRequest,
} from '#domain/run/run-requests.ts';
import type { ScheduleTrigger } from '#domain/schedule/schedule-trigger.ts';
import { dispatchRun } from '#temporal/run/dispatch-run.ts';
import { newCustomer } from '#test/db/support/nights.ts';
import { startBackup } from '#test/support/backups.ts';
import { connectTo, initiator, type Kernel, startKernel } from '#test/support/kernel.ts';
import { untilEnded } from '#test/support/runs.ts';
import { until } from '#test/support/until.ts';
import {
  addCatalogPolicy,
  addCustomer,
  catalogPath,
  deleteObject,
  seed,
} from '#test/workflows/support/customer.ts';
import {
  failRowBehindItsWorkflow,
  insertUndispatchedRun,
} from '#test/workflows/support/foreign-hand.ts';
import { type Fault, graphCalls, setFaults } from '#test/workflows/support/graph-calls.ts';
import { shortHistories, startRounds } from '#test/workflows/support/reconciler-rounds.ts';
import { exportRuns, importRuns } from './archive-runs.ts';
import { previewRuns, restoreRuns } from './restore-runs.ts';

/** A closed execution. */
export interface Execution {
  readonly workflowId: string;
  readonly runId: string;
}

type Scenario = (kernel: Kernel) => Promise<Execution>;

/** Graph's latency in scenarios that need time to act. */
const slowMs = 2_000;

async function newestExecution(kernel: Kernel, workflowId: string): Promise<Execution> {
  const handle = kernel.client.workflow.getHandle(workflowId);
  await handle.result().catch(() => undefined);
  return { workflowId, runId: (await handle.describe()).runId };
}

async function customerWithPolicy(kernel: Kernel) {
  const tenantId = await addCustomer(kernel);
  const { policyId, graphId } = await addCatalogPolicy(kernel, tenantId);
  return { tenantId, graphId, capture: captureSnapshot(tenantId, policyId) };
}

function faults(kernel: Kernel, work: RunRequest, effect: Fault['effect'], times: number) {
  return setFaults(kernel, [{ match: { tenant: work.tenantId }, times, effect }]);
}

async function carryOut(kernel: Kernel, work: RunRequest): Promise<Execution> {
  const { run } = await kernel.runs.start(work, initiator);
  await untilEnded(kernel.database, run);
  return newestExecution(kernel, run.idempotency_key);
}

/** Starts a run and waits until its execution is waiting for Graph. */
async function startSlow(kernel: Kernel, work: RunRequest) {
  await faults(kernel, work, { delayMs: slowMs }, 1);
  const { run } = await kernel.runs.start(work, initiator);
  const { tenantId } = work;
  await until('Graph is called', async () => (await graphCalls(kernel, tenantId)).length > 0);
  return run;
}

async function cancelWhileAtWork(kernel: Kernel, work: RunRequest): Promise<Execution> {
  const run = await startSlow(kernel, work);
  await kernel.runs.cancel(run.tenant_id, run.id);
  return newestExecution(kernel, run.idempotency_key);
}

/** Hands a second run to an execution that still works on the first; returns the executions of both. */
async function handOver(kernel: Kernel): Promise<[Execution, Execution]> {
  const { capture } = await customerWithPolicy(kernel);
  const first = await startSlow(kernel, capture);
  const workflowId = first.idempotency_key;
  const { runId } = await kernel.client.workflow.getHandle(workflowId).describe();
  await failRowBehindItsWorkflow(kernel.database, first);
  const { run: second } = await kernel.runs.start(capture, initiator);
  await untilEnded(kernel.database, second);
  return [{ workflowId, runId }, await newestExecution(kernel, workflowId)];
}

const capturePolicySnapshot: Record<string, Scenario> = {
  happy: async (kernel) => carryOut(kernel, (await customerWithPolicy(kernel)).capture),
  throttled: async (kernel) => {
    const { capture } = await customerWithPolicy(kernel);
    await faults(kernel, capture, { status: 429, retryAfter: 1 }, 2);
    return carryOut(kernel, capture);
  },
  failed: async (kernel) => {
    const { capture } = await customerWithPolicy(kernel);
    await faults(kernel, capture, { status: 403 }, 1);
    return carryOut(kernel, capture);
  },
  cancelled: async (kernel) =>
    cancelWhileAtWork(kernel, (await customerWithPolicy(kernel)).capture),
  'policy-gone': async (kernel) => {
    const { tenantId, graphId, capture } = await customerWithPolicy(kernel);
    await deleteObject(kernel, tenantId, catalogPath, graphId);
    return carryOut(kernel, capture);
  },
  'handed-over': async (kernel) => (await handOver(kernel))[0],
  continued: async (kernel) => (await handOver(kernel))[1],
  'ended-before-begin': async (kernel) => {
    const { capture } = await customerWithPolicy(kernel);
    const run = await insertUndispatchedRun(kernel.database, capture);
    await failRowBehindItsWorkflow(kernel.database, run);
    const temporal = connectTo(kernel.temporal.address);
    await dispatchRun(temporal, run);
    await temporal.client.connection.close();
    return newestExecution(kernel, run.idempotency_key);
  },
  refused: async (kernel) => {
    const { capture } = await customerWithPolicy(kernel);
    const run = await insertUndispatchedRun(kernel.database, capture);
    await kernel.client.workflow.start('capturePolicySnapshot', {
      workflowId: run.idempotency_key,
      taskQueue: runsTaskQueue,
      args: [{ runId: run.id, tenantId: await addCustomer(kernel) }],
    });
    return newestExecution(kernel, run.idempotency_key);
  },
};

const inventorySyncs: Record<string, Scenario> = {
  happy: async (kernel) => carryOut(kernel, inventorySync(await addCustomer(kernel), undefined)),
  partial: async (kernel) => {
    const work = inventorySync(await addCustomer(kernel), ['scopeTag', 'assignmentFilter']);
    await faults(kernel, work, { status: 403 }, 1);
    return carryOut(kernel, work);
  },
  cancelled: async (kernel) =>
    cancelWhileAtWork(kernel, inventorySync(await addCustomer(kernel), undefined)),
};

const directorySyncs: Record<string, Scenario> = {
  happy: async (kernel) => {
    const tenantId = await addCustomer(kernel);
    await seed(kernel, tenantId, [{ path: '/groups', body: { displayName: 'Pilot' } }]);
    return carryOut(kernel, syncDirectory(tenantId));
  },
  throttled: async (kernel) => {
    const work = syncDirectory(await addCustomer(kernel));
    await faults(kernel, work, { status: 429, retryAfter: 1 }, 2);
    return carryOut(kernel, work);
  },
  failed: async (kernel) => {
    const work = syncDirectory(await addCustomer(kernel));
    await faults(kernel, work, { status: 403 }, 1);
    return carryOut(kernel, work);
  },
  cancelled: async (kernel) => cancelWhileAtWork(kernel, syncDirectory(await addCustomer(kernel))),
};

/** A tenant with a compliance policy that names a notification template, and more policies than an activity takes. */
async function customerWithPolicies(kernel: Kernel): Promise<string> {
  const tenantId = await addCustomer(kernel);
  const templateId = randomUUID();
  const actions = [
    { actionType: 'notification', gracePeriodHours: 0, notificationTemplateId: templateId },
  ];
  await seed(kernel, tenantId, [
    {
      path: '/deviceManagement/notificationMessageTemplates',
      body: { id: templateId, displayName: 'A template', localizedNotificationMessages: [] },
    },
    {
      path: '/deviceManagement/deviceCompliancePolicies',
      body: {
        '@odata.type': '#microsoft.graph.windows10CompliancePolicy',
        displayName: 'A compliance policy',
        scheduledActionsForRule: [{ ruleName: 'r', scheduledActionConfigurations: actions }],
      },
    },
    ...Array.from({ length: 45 }, (_, index) => ({
      path: '/deviceManagement/deviceConfigurations',
      body: {
        '@odata.type': '#microsoft.graph.windows10CustomConfiguration',
        displayName: `A profile ${index}`,
      },
    })),
  ]);
  return tenantId;
}

async function carryOutBackup(
  kernel: Kernel,
  tenantId: string,
  request: Partial<BackupRequest> = {},
): Promise<Execution> {
  const { run } = await startBackup(kernel, tenantId, request);
  await untilEnded(kernel.database, run);
  return newestExecution(kernel, run.idempotency_key);
}

const profiles = '/deviceManagement/deviceConfigurations/';

const backUpPolicies: Record<string, Scenario> = {
  happy: async (kernel) => carryOutBackup(kernel, await customerWithPolicies(kernel)),
  empty: async (kernel) => carryOutBackup(kernel, await addCustomer(kernel)),
  references: async (kernel) => {
    const types = ['compliancePolicy'];
    const selection = { types, includeFoundations: true };
    return carryOutBackup(kernel, await customerWithPolicies(kernel), selection);
  },
  unchanged: async (kernel) => {
    const tenantId = await customerWithPolicies(kernel);
    await carryOutBackup(kernel, tenantId);
    return carryOutBackup(kernel, tenantId);
  },
  throttled: async (kernel) => {
    const tenantId = await customerWithPolicies(kernel);
    const match = { tenant: tenantId, path: profiles };
    await setFaults(kernel, [{ match, times: 3, effect: { status: 429, retryAfter: 1 } }]);
    return carryOutBackup(kernel, tenantId);
  },
  partial: async (kernel) => {
    const tenantId = await customerWithPolicies(kernel);
    const match = { tenant: tenantId, path: profiles };
    await setFaults(kernel, [{ match, times: 1, effect: { status: 403 } }]);
    return carryOutBackup(kernel, tenantId);
  },
  failed: async (kernel) => {
    const tenantId = await customerWithPolicies(kernel);
    const match = { tenant: tenantId };
    await setFaults(kernel, [{ match, times: 1_000, effect: { status: 401 } }]);
    return carryOutBackup(kernel, tenantId);
  },
  cancelled: async (kernel) => {
    const tenantId = await customerWithPolicies(kernel);
    const match = { tenant: tenantId, path: profiles };
    await setFaults(kernel, [{ match, times: 50, effect: { delayMs: slowMs } }]);
    const { run } = await startBackup(kernel, tenantId);
    await until('a profile is read', async () =>
      (await graphCalls(kernel, tenantId)).some(({ path }) => path.includes(profiles)),
    );
    await kernel.runs.cancel(run.tenant_id, run.id);
    return newestExecution(kernel, run.idempotency_key);
  },
};

const reconcileRuns: Record<string, Scenario> = {
  happy: async (kernel) => {
    const workflowId = `reconcile-runs-${randomUUID()}`;
    await kernel.client.workflow.start('reconcileRuns', { workflowId, taskQueue: runsTaskQueue });
    return newestExecution(kernel, workflowId);
  },
};

/** Runs rounds of the reconciler until its execution closes; calls `act` before the end of each round. */
async function playReconciler(
  kernel: Kernel,
  act: (round: number, handle: WorkflowHandle) => Promise<unknown>,
): Promise<Execution> {
  let rounds = 0;
  const { handle, stop } = await startRounds(kernel, { intervalMs: 200 }, async () => {
    rounds += 1;
    await act(rounds, kernel.client.workflow.getHandle(workflowId));
    return { closed: 1, dispatched: 0 };
  });
  const { workflowId, firstExecutionRunId: runId } = handle;
  await handle.result().catch(() => undefined);
  await kernel.client.workflow
    .getHandle(workflowId)
    .terminate()
    .catch(() => undefined);
  await stop();
  return { workflowId, runId };
}

const reconcilers: Record<string, Scenario> = {
  'continued-as-new': (kernel) =>
    playReconciler(kernel, async (round, handle) => {
      if (round === 2) await handle.signal(intervalSignal, { intervalMs: 100 });
    }),
  'round-failed': (kernel) =>
    playReconciler(kernel, async (round) => {
      if (round === 2) throw ApplicationFailure.nonRetryable('a bug', 'internal_error');
    }),
  cancelled: (kernel) =>
    playReconciler(kernel, async (round, handle) => {
      if (round === 2) await handle.cancel();
    }),
};

/** Executes a workflow without a run. */
async function carryOutRound(
  kernel: Kernel,
  workflowType: string,
  ...args: readonly ScheduleTrigger[]
): Promise<Execution> {
  const workflowId = `${workflowType}-${randomUUID()}`;
  const options = { workflowId, taskQueue: runsTaskQueue, args: [...args] };
  await kernel.client.workflow.start(workflowType, options);
  return newestExecution(kernel, workflowId);
}

const firings: Record<string, Scenario> = {
  happy: async (kernel) => {
    const { tenantId, scheduleId } = await newCustomer(kernel.database, 1, {
      ...{ keepLast: null, keepDays: null },
    });
    const trigger = { scheduleId, tenantId, revision: randomUUID() };
    return carryOutRound(kernel, 'startScheduledBackup', trigger);
  },
  'schedule-gone': async (kernel) => {
    const ids = { scheduleId: randomUUID(), tenantId: randomUUID(), revision: randomUUID() };
    return carryOutRound(kernel, 'startScheduledBackup', ids);
  },
};

/** The executions of runs with an end of their own. */
function executionsOf(
  runs: Readonly<Record<string, (kernel: Kernel) => Promise<RunRow>>>,
): Record<string, Scenario> {
  const ways = Object.entries(runs).map(([name, carryOutRun]): [string, Scenario] => [
    name,
    async (kernel) => newestExecution(kernel, (await carryOutRun(kernel)).idempotency_key),
  ]);
  return Object.fromEntries(ways);
}

/** The scenarios of the committed histories, by workflow type and name. */
export const scenarios: Readonly<Record<string, Readonly<Record<string, Scenario>>>> = {
  backUpPolicies,
  capturePolicySnapshot,
  exportPolicies: executionsOf(exportRuns),
  importPolicies: executionsOf(importRuns),
  inventorySync: inventorySyncs,
  keepRunsReconciled: reconcilers,
  maintainBackups: { happy: (kernel) => carryOutRound(kernel, 'maintainBackups') },
  previewRestore: executionsOf(previewRuns),
  reconcileRuns,
  restorePolicies: executionsOf(restoreRuns),
  startScheduledBackup: firings,
  syncDirectory: directorySyncs,
  verifySnapshots: { happy: (kernel) => carryOutRound(kernel, 'verifySnapshots') },
};

/**
 * Plays the scenarios one after the other, on a kernel of its own, and passes each execution on.
 * @param workflowTypes all types if empty.
 */
export async function playScenarios(
  workflowTypes: readonly string[],
  keep: (kernel: Kernel, workflowType: string, scenario: string, of: Execution) => Promise<void>,
): Promise<void> {
  const kernel = await startKernel({ temporalConfig: shortHistories });
  try {
    for (const [workflowType, ways] of Object.entries(scenarios)) {
      if (workflowTypes.length > 0 && !workflowTypes.includes(workflowType)) continue;
      for (const [scenario, play] of Object.entries(ways)) {
        await keep(kernel, workflowType, scenario, await play(kernel));
        await setFaults(kernel, []);
      }
    }
  } finally {
    await kernel.stop();
  }
}
