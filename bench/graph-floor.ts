/** The simulator's settings for the bench: Intune's documented limits and a plausible latency. */
export const benchThrottle = { windowSeconds: 20, requests: 1_000, writes: 100, latencyMs: 60 };

const connections = 8;
/** Conditional access answers one request a second for all callers together. */
const conditionalAccessSeconds = 1;

/** Requests by their limit. */
export interface RequestsByLimit {
  readonly conditionalAccess: number;
  readonly others: number;
}

/**
 * The shortest time in seconds for so many answers of Graph: a window's burst passes at once, further requests wait
 * for the next window, and each answer takes its latency on one of 8 connections.
 */
export function floorSeconds(requests: number): number {
  return floorOf(requests, benchThrottle.requests);
}

/** The floor of writes, which have their own limit. */
export function writeFloorSeconds(writes: number): number {
  return floorOf(writes, benchThrottle.writes);
}

function floorOf(requests: number, burst: number): number {
  const { windowSeconds, latencyMs } = benchThrottle;
  const fullWindows = Math.floor((requests - 1) / burst);
  const inLastWindow = requests - fullWindows * burst;
  return fullWindows * windowSeconds + (Math.ceil(inLastWindow / connections) * latencyMs) / 1000;
}

/** The floor with conditional access: both limits run in parallel, and the longer time counts. */
export function floorSecondsOf({ conditionalAccess, others }: RequestsByLimit): number {
  const { latencyMs } = benchThrottle;
  const beside = (conditionalAccess - 1) * conditionalAccessSeconds + latencyMs / 1000;
  return Math.max(floorSeconds(others), beside);
}
