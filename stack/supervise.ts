import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildExit } from './child.ts';
import type { Part, PartStart } from './part.ts';

/** How a part is started, and who is told what. */
export interface Supervision {
  name: string;
  start(start: PartStart): Promise<Part>;
  onSpawn: PartStart['onSpawn'];
  /** Told of each part that became ready, the first one too. */
  onReady(part: Part): void;
  log(line: string): void;
}

/** A part that is started again whenever it ends without having been asked to. */
export interface SupervisedPart {
  name: string;
  /** Resolves with the first start, and rejects when that fails. */
  ready: Promise<Part>;
  kill(signal: NodeJS.Signals): void;
  /** Ends the part in good order and starts it again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * What ends once is back at once; what keeps ending waits longer each time, so that a broken part
 * is started about ten times a minute and no more.
 */
const crashWindowMs = 60_000;
const quickRestarts = 3;
const quickPauseMs = 100;
const firstPauseMs = 500;
const longestPauseMs = 10_000;

/**
 * Starts a part and keeps it running until it is stopped. When the first start fails, that is all;
 * later ones are tried again for ever, each failure being logged.
 */
export function supervise(supervision: Supervision): SupervisedPart {
  const { name, log, onSpawn, onReady } = supervision;
  const stopping = new AbortController();
  let crashes: number[] = [];
  let isRestarting = false;
  let current: Part | undefined;

  async function startOnce(): Promise<Part> {
    const part = await supervision.start({ onSpawn, signal: stopping.signal });
    current = part;
    void part.exited.then((exit) => onExit(part, exit));
    onReady(part);
    return part;
  }

  function onExit(part: Part, exit: ChildExit): void {
    if (stopping.signal.aborted || isRestarting) return;
    log(`${part.describeExit(exit)}\nstarting ${name} again`);
    settled = startAgain();
  }

  async function startAgain(): Promise<void> {
    while (!stopping.signal.aborted) {
      const now = performance.now();
      crashes = [...crashes.filter((at) => at > now - crashWindowMs), now];
      await sleep(pauseMs(crashes.length), undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      try {
        const { pid } = await startOnce();
        log(`${name} is back (process ${pid})`);
        return;
      } catch (error) {
        if (!stopping.signal.aborted) log(error instanceof Error ? error.message : String(error));
      }
    }
  }

  async function restart(): Promise<void> {
    await settled;
    isRestarting = true;
    try {
      await current?.stop();
      await startOnce();
    } catch (error) {
      settled = startAgain();
      throw error;
    } finally {
      isRestarting = false;
    }
  }

  async function stop(): Promise<void> {
    stopping.abort(new Error(`${name} was asked to end`));
    await settled;
    await current?.stop();
  }

  const ready = startOnce();
  let settled: Promise<void> = ready.then(
    () => undefined,
    () => undefined,
  );
  return { name, ready, kill: (signal) => current?.kill(signal), restart, stop };
}

function pauseMs(recentCrashes: number): number {
  if (recentCrashes <= quickRestarts) return quickPauseMs;
  return Math.min(longestPauseMs, firstPauseMs * 2 ** (recentCrashes - quickRestarts - 1));
}
