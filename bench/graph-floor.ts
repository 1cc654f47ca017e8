/** What the simulator is set to while it is measured: Intune's documented limits and a plausible latency. */
export const benchThrottle = { windowSeconds: 20, requests: 1_000, writes: 100, latencyMs: 60 };

const connections = 8;
/** Conditional access answers one request a second, whoever asks. */
const conditionalAccessSeconds = 1;

/** Requests by the limits that they count against. */
export interface RequestsByLimit {
  readonly conditionalAccess: number;
  readonly others: number;
}

/**
 * The least time, in seconds, in which a client gets that many answers out of Graph: a window's burst goes through at
 * once, whatever is beyond it waits for the next window, and each answer takes its latency on one of 8 connections.
 */
export function floorSeconds(requests: number): number {
  return floorOf(requests, benchThrottle.requests);
}

/** The same of writes, which have a limit of their own. */
export function writeFloorSeconds(writes: number): number {
  return floorOf(writes, benchThrottle.writes);
}

function floorOf(requests: number, burst: number): number {
  const { windowSeconds, latencyMs } = benchThrottle;
  const fullWindows = Math.floor((requests - 1) / burst);
  const inLastWindow = requests - fullWindows * burst;
  return fullWindows * windowSeconds + (Math.ceil(inLastWindow / connections) * latencyMs) / 1000;
}

/** The same where some of the requests are of conditional access: both go on side by side, and the longer one counts. */
export function floorSecondsOf({ conditionalAccess, others }: RequestsByLimit): number {
  const { latencyMs } = benchThrottle;
  const beside = (conditionalAccess - 1) * conditionalAccessSeconds + latencyMs / 1000;
  return Math.max(floorSeconds(others), beside);
}
