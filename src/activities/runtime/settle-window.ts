/** The time limits of writes to Graph, in milliseconds. After the settle window, the fate of a write is certain. */
export interface SettleWindow {
  /** The limit of one write, answer included. */
  readonly writeTimeoutMs: number;
  /** The start-to-close time of an attempt at an item. */
  readonly itemTimeoutMs: number;
  /** This long after its intent, a write is carried out or never will be. */
  readonly settleMs: number;
  /** A worker sends no write this long after its intent: a paused worker has lost its claim. */
  readonly claimMs: number;
  /** The wait for the budget of the tenant before an attempt gives its slot to others. */
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
 * Derives the time limits from `SETTLE_SECONDS`.
 * @throws RangeError if a write could be in flight after its fate is taken for certain.
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

/** The order behind exactly-once: HTTP time limit < start-to-close < settle window. */
function assertSettles({ writeTimeoutMs, itemTimeoutMs, settleMs, claimMs }: SettleWindow): void {
  const inOrder = writeTimeoutMs > 0 && writeTimeoutMs < itemTimeoutMs && itemTimeoutMs < settleMs;
  // A write at the last moment of its claim ends before the end of the settle window.
  if (inOrder && claimMs + writeTimeoutMs < settleMs) return;
  throw new RangeError('a write must end within its attempt, and that within SETTLE_SECONDS');
}
