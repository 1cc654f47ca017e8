import { type ActivityOptions, proxyActivities } from '@temporalio/workflow';
import type {
  ScheduleTriggerActivities,
  GraphActivities,
  MaintenanceActivities,
  RunStateActivities,
  PlanActivities,
  RestoreActivities,
  WholeRunActivities,
  WriteOutline,
} from '#domain/run/activity-types.ts';
import { graphTaskQueue } from '#domain/run/task-queues.ts';

/**
 * Makes activities with these options.
 * @param summary names the item of an activity in the timeline of the Web UI, by ids and codes only.
 */
const activities =
  <Activities>(options: ActivityOptions) =>
  (summary?: string) =>
    proxyActivities<Activities>(summary === undefined ? options : { ...options, summary });

/**
 * Short transactions. Postgres ends a statement after 8 s, so an attempt beyond 10 s means a dead worker. Retries go on
 * for half a day, because the end of a run must wait for the database.
 */
export const runState = activities<RunStateActivities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '12 hours',
  retry: {
    initialInterval: '250 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '10 seconds',
  },
});

/**
 * Reads of Graph. A page or a policy takes seconds, a listing of a huge type minutes. Activities heartbeat every few
 * seconds, so Temporal notices a dead worker after 15 s. activities/runtime/activity-failure.ts limits the retries of
 * each failure; two hours limit them all, throttling included.
 */
const readsOfGraph: ActivityOptions = {
  taskQueue: graphTaskQueue,
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '15 seconds',
  scheduleToCloseTimeout: '2 hours',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
};

/** Listing and capturing. */
export const graph = activities<GraphActivities>(readsOfGraph);

/** Planning a restore. */
export const plan = activities<PlanActivities>(readsOfGraph);

/**
 * Writes to a tenant. An attempt is shorter than the settle window; the plan of the run remembers the window of its
 * deployment. An item fails after twelve hours of throttling.
 */
export const restoring = ({ itemTimeoutMs }: WriteOutline) =>
  activities<RestoreActivities>({
    taskQueue: graphTaskQueue,
    startToCloseTimeout: itemTimeoutMs,
    heartbeatTimeout: '15 seconds',
    scheduleToCloseTimeout: '12 hours',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
  });

/**
 * Starts of scheduled runs: as short as a start over the API. Retries go on for half a day, because a database outage
 * at night must not cost the backup of this night.
 */
export const scheduleTrigger = activities<ScheduleTriggerActivities>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '11 hours',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** Rounds over all tenants: one activity each, with heartbeats, on the workers with slots for long activities. */
export const maintenance = activities<MaintenanceActivities>({
  taskQueue: graphTaskQueue,
  startToCloseTimeout: '12 hours',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** Whole operations in one activity. They heartbeat like reads of Graph, on the workers with slots for long activities. */
export const wholeRun = activities<WholeRunActivities>({
  taskQueue: graphTaskQueue,
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '30 seconds',
  scheduleToCloseTimeout: '6 hours',
  retry: {
    initialInterval: '1 second',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
    maximumAttempts: 20,
  },
});
