import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startNodePart } from '#stack/node-part.ts';
import type { Part, PartStart } from '#stack/part.ts';
import { logFileOf, openStackHome } from '#stack/stack-home.ts';
import type { StackUnderTest } from '#test/e2e/support/stack-under-test.ts';

/**
 * The program of a test's worker: a script of the checkout, its arguments, and its settings in addition to the
 * stack's.
 */
export interface FleetProgram {
  readonly script: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** Workers that die or are killed; the fleet replaces each at once, because supervisors would back off. */
export interface Fleet {
  /** Kills one of the ready workers, chosen by a number from 0 up to 1. */
  kill(which: number): Promise<void>;
  /** Sends a signal to a process of the fleet, ready or not. */
  signal(pid: number, signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

const pollIntervalMs = 20;

/** Starts `count` workers and resolves when they are ready. */
export async function startFleet(
  { stack }: StackUnderTest,
  name: string,
  count: number,
  { script, args, env = {} }: FleetProgram,
): Promise<Fleet> {
  // The workers share a cache of compiled code.
  const compiled = { NODE_COMPILE_CACHE: join(stack.home, 'compiled') };
  const over = new AbortController();
  const ready = new Set<Part>();
  const spawned = new Map<number, Parameters<PartStart['onSpawn']>[0]>();
  const onSpawn: PartStart['onSpawn'] = (child) => {
    spawned.set(child.pid, child);
    void child.exited.then(() => spawned.delete(child.pid));
  };
  let starts = 0;

  async function startOne(): Promise<Part> {
    starts += 1;
    const title = `${name}-${starts}`;
    const logFile = logFileOf(openStackHome(stack.home), title);
    const program = {
      ...{ name: title, script, args: [...args], logFile },
      env: { ...stack.env, ...compiled, ...env },
    };
    const part = await startNodePart(program, { onSpawn, signal: over.signal });
    ready.add(part);
    return part;
  }

  async function keep(first: Part): Promise<void> {
    let part: Part | undefined = first;
    while (part !== undefined) {
      await part.exited;
      ready.delete(part);
      part = await startAgain();
    }
  }

  /** A worker may die before it is ready: by a planned blow, or because Temporal is away. */
  async function startAgain(): Promise<Part | undefined> {
    while (!over.signal.aborted) {
      const part = await startOne().catch(() => undefined);
      if (part !== undefined) return part;
    }
    return undefined;
  }

  const first = await Promise.all(Array.from({ length: count }, startOne));
  const kept = Promise.all(first.map(keep));
  return {
    async kill(which) {
      while (ready.size === 0) await sleep(pollIntervalMs);
      const victim = [...ready][Math.floor(which * ready.size)];
      if (victim === undefined) return;
      ready.delete(victim);
      victim.kill('SIGKILL');
      await victim.exited;
    },
    signal: (pid, signal) => spawned.get(pid)?.kill(signal),
    async stop() {
      over.abort(new Error('the test is over'));
      await Promise.all([...spawned.values()].map((child) => child.stop()));
      await kept;
    },
  };
}
