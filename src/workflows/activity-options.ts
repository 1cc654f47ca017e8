import { proxyActivities } from '@temporalio/workflow';
import type { GraphActivities, MirrorActivities } from '../domain/activity-types.ts';
import { graphTaskQueue } from '../domain/task-queues.ts';

/**
 * Short transactions. Postgres ends a statement after 8 s, so an attempt past 10 s is a worker that died.
 * They are tried for half a day, since a run whose end cannot be written down must wait for the database.
 */
export const mirror = proxyActivities<MirrorActivities>({
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
 * failures are translated (activities/activity-failure.ts); two hours bound them all, throttling included.
 */
export const graph = proxyActivities<GraphActivities>({
  taskQueue: graphTaskQueue,
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '15 seconds',
  scheduleToCloseTimeout: '2 hours',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});
