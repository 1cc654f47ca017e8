import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildExit } from './child.ts';
import type { Part, PartStart } from './part.ts';

/** The start of a part, and its listeners. */
export interface Supervision {
  name: string;
  start(start: PartStart): Promise<Part>;
  onSpawn: PartStart['onSpawn'];
  /** Receives each ready part, from the first start on. */
  onReady(part: Part): void;
  log(line: string): void;
}

/** A part that restarts after every unexpected end. */
export interface SupervisedPart {
  name: string;
  /** Resolves with the first start; rejects if the first start fails. */
  ready: Promise<Part>;
  kill(signal: NodeJS.Signals): void;
  /** Ends the part in good order and starts it again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The first restart is immediate. Later ones back off, so a broken part restarts about ten times a
 * minute at most.
 */
const crashWindowMs = 60_000;
const quickRestarts = 3;
const quickPauseMs = 100;
const firstPauseMs = 500;
const longestPauseMs = 10_000;

/**
 * Starts a part and keeps it running until `stop`. Gives up if the first start fails. Later
 * failures are logged and retried without end.
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
