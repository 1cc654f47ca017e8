/** How long a write to Graph may be under way, and after which time its fate is certain; in milliseconds. */
export interface SettleWindow {
  /** Time limit of one write, answer included. */
  readonly writeTimeoutMs: number;
  /** Start-to-close time of an attempt at an item. */
  readonly itemTimeoutMs: number;
  /** So long after a write was meant to be sent, it has been carried out or never will be. */
  readonly settleMs: number;
  /** A write is not sent any more so long after it was meant to be: a worker that was paused has lost its claim. */
  readonly claimMs: number;
  /** How long an attempt waits for room in the tenant's budget before it gives its place on the worker to others. */
  readonly budgetWaitMs: number;
}

/** Intune answers a write in seconds; its gateway gives up after a minute. */
const writeTimeoutMsMax = 30_000;
/** An attempt at an item reads, writes a few times and reads again. */
const itemTimeoutMsMax = 120_000;
const writeShare = 0.5;
const itemShare = 0.8;
const claimShare = 0.25;
const budgetWaitShare = 0.25;

/**
 * Takes `SETTLE_SECONDS` and returns the times that follow from it.
 * Throws a RangeError where a write could still be under way when its fate is taken for certain.
 */
export function settleWindow(settleSeconds: number): SettleWindow {
  const settleMs = settleSeconds * 1_000;
  const window = {
    writeTimeoutMs: Math.min(writeTimeoutMsMax, settleMs * writeShare),
    itemTimeoutMs: Math.min(itemTimeoutMsMax, settleMs * itemShare),
    settleMs,
    claimMs: settleMs * claimShare,
    budgetWaitMs: settleMs * budgetWaitShare,
  };
  assertSettles(window);
  return window;
}

/** The order on which exactly-once rests: HTTP time limit < start-to-close < settle window. */
function assertSettles({ writeTimeoutMs, itemTimeoutMs, settleMs, claimMs }: SettleWindow): void {
  const inOrder = writeTimeoutMs > 0 && writeTimeoutMs < itemTimeoutMs && itemTimeoutMs < settleMs;
  // What is sent at the last moment of its claim ends before its fate is taken for certain.
  if (inOrder && claimMs + writeTimeoutMs < settleMs) return;
  throw new RangeError('a write must end within its attempt, and that within SETTLE_SECONDS');
}
