import { describeExit, type Child, type ChildExit } from './child.ts';

/** A child that is ready for use. */
export interface Part {
  pid: number;
  /** Where it listens, for those that do. */
  url?: string;
  exited: Promise<ChildExit>;
  /** Describes how it ended, with the last lines of its log. */
  describeExit(exit: ChildExit): string;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

/** What the start of a part is given. */
export interface PartStart {
  /** Told of the process as soon as it exists, before it is ready. */
  onSpawn(child: Child): void;
  /** Aborted when the part is to end, also while it is still starting. */
  signal: AbortSignal;
}

/** The part that a ready child is. */
export function partOf(child: Child, url?: string): Part {
  return {
    pid: child.pid,
    exited: child.exited,
    describeExit: (exit) => describeExit(child, exit),
    kill: child.kill,
    stop: () => child.stop(),
    ...(url === undefined ? {} : { url }),
  };
}
