import { describeExit, type Child, type ChildExit } from './child.ts';

/** A child that is ready for use. */
export interface Part {
  pid: number;
  /** Its address; parts without a server have none. */
  url?: string;
  exited: Promise<ChildExit>;
  /** Describes the end of the child, with the last lines of its log. */
  describeExit(exit: ChildExit): string;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

/** The arguments of a part's start. */
export interface PartStart {
  /** Receives the process as soon as it exists, before it is ready. */
  onSpawn(child: Child): void;
  /** Aborts when the part must end, even while it still starts. */
  signal: AbortSignal;
}

/** Makes a part of a ready child. */
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
