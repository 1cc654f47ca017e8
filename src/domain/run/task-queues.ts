/** Workflows, and the activities that write the state of runs to Postgres. */
export const runsTaskQueue = 'tenantry-runs';

/**
 * Activities that call Graph: a queue of their own, so that slow or throttled calls never hold the slots
 * that status changes need, and so that eager dispatch cannot bypass its limits.
 */
export const graphTaskQueue = 'tenantry-graph';
