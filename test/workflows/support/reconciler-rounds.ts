import { randomUUID } from 'node:crypto';
import { NativeConnection, Worker } from '@temporalio/worker';
import { type ReconcilerInput, reconcilerType } from '#domain/run/reconciler.ts';
import { type Kernel, testBundle } from '#test/support/kernel.ts';

/** The server suggests to continue as new after this few events, which is some rounds. */
export const shortHistories = ['limit.historyCount.suggestContinueAsNew=60'];

type Tally = { readonly closed: number; readonly dispatched: number };

/** Starts the reconciler on a task queue of its own, with a worker that plays the rounds of the test. */
export async function startRounds(
  kernel: Kernel,
  { intervalMs }: ReconcilerInput,
  round: () => Promise<Tally>,
) {
  const taskQueue = `rounds-${randomUUID()}`;
  const connection = await NativeConnection.connect({ address: kernel.temporal.address });
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowBundle: testBundle(),
    activities: { reconcileRuns: round },
  });
  const running = worker.run();
  const input: ReconcilerInput = { intervalMs };
  const handle = await kernel.client.workflow.start(reconcilerType, {
    workflowId: taskQueue,
    taskQueue,
    args: [input],
    followRuns: false,
  });
  const stop = async () => {
    worker.shutdown();
    await running;
    await connection.close();
  };
  return { handle, stop };
}
