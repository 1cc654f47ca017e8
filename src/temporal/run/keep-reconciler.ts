import { type Client, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import {
  intervalSignal,
  reconcilerId,
  type ReconcilerInput,
  reconcilerType,
} from '#domain/run/reconciler.ts';
import { runsTaskQueue } from '#domain/run/task-queues.ts';
import type { Logger } from '#logger.ts';

/** The limit of one start; the next start follows after an interval. */
const startDeadlineMs = 5_000;

/**
 * Starts the reconciler, or hands the interval to the open one, which begins a round at once. Every worker then starts
 * it again each interval: a no-op unless an operator has ended it.
 * @returns the timer of these starts; the caller clears it when the worker stops.
 */
export async function keepReconciler(
  client: Client,
  intervalMs: number,
  log: Logger,
): Promise<NodeJS.Timeout> {
  const input: ReconcilerInput = { intervalMs };
  const options = {
    workflowId: reconcilerId,
    taskQueue: runsTaskQueue,
    args: [input],
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    staticSummary: 'Compares active runs with their workflows',
    staticDetails: 'One round each interval. The workers start it again when it was ended.',
  };
  const signal = { signal: intervalSignal, signalArgs: [input] };
  await client.workflow.signalWithStart(reconcilerType, { ...options, ...signal });
  const startAgain = () =>
    client.withDeadline(Date.now() + startDeadlineMs, () =>
      client.workflow.start(reconcilerType, options),
    );
  const timer = setInterval(() => {
    startAgain().catch((err: unknown) => log.warn({ err }, 'the reconciler was not started'));
  }, intervalMs);
  return timer.unref();
}
