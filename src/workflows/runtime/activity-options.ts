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
 * @param summary tells an operator in the timeline of the Web UI which item an activity is for: ids and codes only.
 */
const activities =
  <Activities>(options: ActivityOptions) =>
  (summary?: string) =>
    proxyActivities<Activities>(summary === undefined ? options : { ...options, summary });

/**
 * Short transactions. Postgres ends a statement after 8 s, so an attempt past 10 s is a worker that died.
 * They are tried for half a day, since a run whose end cannot be written down must wait for the database.
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
 * Reads of Graph. Activities heartbeat every few seconds, so a dead worker is noticed after 15 s; a page or a
 * policy takes seconds, a listing of a huge type minutes. How often which failure is tried again is decided where
 * failures are translated (activities/runtime/activity-failure.ts); two hours bound them all, throttling included.
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
 * Writes to a tenant. An attempt is shorter than the settle window, which the deployment chooses and the plan of the run
 * remembers; it keeps no worker waiting. An item that Graph keeps throttling is given up after twelve hours.
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
 * Starting a scheduled backup: as short as a start over the API, and half a day long worth another attempt, since a
 * database that is away at night must not cost the backup of that night.
 */
export const scheduleTrigger = activities<ScheduleTriggerActivities>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '11 hours',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** Rounds over all tenants: one activity each, with heartbeats, on the workers whose slots are meant for what takes long. */
export const maintenance = activities<MaintenanceActivities>({
  taskQueue: graphTaskQueue,
  startToCloseTimeout: '12 hours',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** Whole operations: they heartbeat like reads of Graph, and use the same workers, whose slots are for long activities. */
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
