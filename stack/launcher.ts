import type { Child } from './child.ts';
import type { ProcessRecord } from './orphans.ts';
import type { Part, PartStart } from './part.ts';
import { partNames, type PartName } from './stack-file.ts';
import { supervise, type SupervisedPart } from './supervise.ts';

type StartPart = (start: PartStart) => Promise<Part>;

/** Starts the children of a stack, keeps them running, and ends them in order. */
export interface Launcher {
  /**
   * Starts a supervised part. Resolves when the part is ready; rejects when its first start fails.
   */
  launch(name: PartName, start: StartPart): Promise<Part>;
  /** Starts an additional process without supervision, or runs a process to its end. */
  startExtra<T>(start: (start: PartStart) => Promise<T>): Promise<T>;
  part(name: PartName): SupervisedPart;
  pids(): Partial<Record<PartName, number>>;
  stopAll(): Promise<void>;
}

/** Creates a launcher that records each process and calls `onReady` when a pid has changed. */
export function createLauncher(
  record: ProcessRecord,
  log: (line: string) => void,
  onReady: () => void,
): Launcher {
  const parts = new Map<PartName, SupervisedPart>();
  const pids: Partial<Record<PartName, number>> = {};
  const extras: Child[] = [];
  const stopping = new AbortController();
  const onSpawn = ({ name, pid }: Child) => record.add(name, pid);

  function launch(name: PartName, start: StartPart): Promise<Part> {
    stopping.signal.throwIfAborted();
    const supervised = supervise({
      ...{ name, start, onSpawn, log },
      onReady(part) {
        pids[name] = part.pid;
        onReady();
      },
    });
    parts.set(name, supervised);
    return supervised.ready;
  }

  function startExtra<T>(start: (start: PartStart) => Promise<T>): Promise<T> {
    stopping.signal.throwIfAborted();
    return start({
      signal: stopping.signal,
      onSpawn(child) {
        extras.push(child);
        onSpawn(child);
      },
    });
  }

  function part(name: PartName): SupervisedPart {
    const found = parts.get(name);
    if (found === undefined) throw new Error(`This stack was started without ${name}`);
    return found;
  }

  async function stopAll(): Promise<void> {
    stopping.abort(new Error('The stack was asked to end'));
    await Promise.all(extras.map((child) => child.stop()));
    // API and worker use all other parts, so those end after them, in reverse order.
    await Promise.all([parts.get('api')?.stop(), parts.get('worker')?.stop()]);
    for (const name of partNames.toReversed()) await parts.get(name)?.stop();
    record.clear();
  }

  return { launch, startExtra, part, pids: () => ({ ...pids }), stopAll };
}
