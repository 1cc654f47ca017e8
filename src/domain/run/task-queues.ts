/** Workflows, and the activities that write the state of runs to Postgres. */
export const runsTaskQueue = 'tenantry-runs';

/**
 * Activities that call Graph. They have a queue of their own: slow or throttled calls must not occupy the slots for
 * status changes, and eager dispatch must not bypass the queue's limits.
 */
export const graphTaskQueue = 'tenantry-graph';
