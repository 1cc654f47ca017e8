import { hostname } from 'node:os';
import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Config } from '#config.ts';
import type { GraphActivities, RunStateActivities } from '#domain/run/activity-types.ts';
import { graphTaskQueue, runsTaskQueue } from '#domain/run/task-queues.ts';

/** Each of these activities holds a database connection. With more activities than connections, some would only wait. */
const runStateActivitiesPerConnection = 0.5;
/** In-flight activities have this long to end on shutdown; then Temporal cancels them and another worker retries them. */
const shutdownGraceTime = '5 seconds';
/** The process ends by then in any case: supervisors kill it after 10 s. */
const shutdownForceTime = '8 seconds';

/** Makes the two workers of a process: one for workflows and the activities that write the state of runs, one for Graph. */
export async function createWorkers(options: {
  connection: NativeConnection;
  config: Config;
  activities: { runState: RunStateActivities; graph: GraphActivities };
  bundle: { code: string } | { codePath: string };
}): Promise<Worker[]> {
  const { connection, config, activities, bundle } = options;
  const shared = {
    connection,
    namespace: config.TEMPORAL_NAMESPACE,
    identity: `tenantry-worker ${process.pid}@${hostname()}`,
    shutdownGraceTime,
    shutdownForceTime,
    ...versioning(config),
  } satisfies Partial<WorkerOptions>;
  const runs = await Worker.create({
    ...shared,
    taskQueue: runsTaskQueue,
    workflowBundle: bundle,
    activities: { ...activities.runState },
    maxConcurrentActivityTaskExecutions: Math.ceil(
      config.POSTGRES_POOL_SIZE * runStateActivitiesPerConnection,
    ),
  });
  const graph = await Worker.create({
    ...shared,
    taskQueue: graphTaskQueue,
    activities: { ...activities.graph },
    maxConcurrentActivityTaskExecutions: config.GRAPH_MAX_CONCURRENT_ACTIVITIES,
  });
  return [runs, graph];
}

/** Turns Worker Versioning on if the deployment names a version; see docs/decisions/004-worker-versioning.md. */
function versioning(config: Config): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  const { TEMPORAL_WORKER_DEPLOYMENT: deploymentName, TEMPORAL_WORKER_BUILD_ID: buildId } = config;
  if (deploymentName === undefined || buildId === undefined) return {};
  return {
    workerDeploymentOptions: {
      version: { deploymentName, buildId },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    },
  };
}
