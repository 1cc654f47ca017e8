import type { Worker } from '@temporalio/worker';
import type { Kernel } from '#test/support/kernel.ts';
import { until } from '#test/support/until.ts';

/** The deployment version that workers register under. */
export function version(deployment: string, build: string) {
  return { TEMPORAL_WORKER_DEPLOYMENT: deployment, TEMPORAL_WORKER_BUILD_ID: build };
}

/** Shuts workers down and waits until they have stopped. */
export async function stopped(workers: readonly Worker[]): Promise<void> {
  for (const worker of workers) worker.shutdown();
  await until('the workers have stopped', async () =>
    workers.every((worker) => worker.getState() === 'STOPPED'),
  );
}

/** Does what an operator does with `temporal worker deployment set-current-version` once the workers have registered. */
export async function makeCurrent(
  { client }: Kernel,
  deploymentName: string,
  buildId: string,
): Promise<void> {
  const request = { namespace: 'default', deploymentName, buildId, ignoreMissingTaskQueues: true };
  await until(`${buildId} is current`, async () =>
    client.workflowService.setWorkerDeploymentCurrentVersion(request).then(
      () => true,
      () => false,
    ),
  );
}
