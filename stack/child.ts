import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync } from 'node:fs';
import { openLogFile, tailOfLog } from './log-file.ts';

/** The settings to spawn a child. `uid` and `gid` are for PostgreSQL, which refuses root. */
export interface ChildCommand {
  name: string;
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  logFile: string;
  cwd?: string;
  uid?: number;
  gid?: number;
  /** Opens an IPC channel, on which our own processes report that they are ready. */
  ipc?: boolean;
  /** The signal for an orderly end; SIGTERM by default. */
  stopSignal?: NodeJS.Signals;
  /** Aborts when the child must end, ready or not. */
  signal?: AbortSignal;
}

/** The end of a child: its exit code, or the signal that ended it. */
export interface ChildExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A spawned program with a log of its own. */
export interface Child {
  name: string;
  pid: number;
  logFile: string;
  /** The length of the log before the child's first byte. */
  logOffset: number;
  process: ChildProcess;
  exited: Promise<ChildExit>;
  hasExited(): boolean;
  kill(signal: NodeJS.Signals): void;
  /** Asks the child to end, and kills it after the grace. Resolves when the process is gone. */
  stop(graceMs?: number): Promise<void>;
}

/** Milliseconds for an orderly end before the child is killed. */
const stopGraceMs = 10_000;

/**
 * Spawns a child in its own process group, so a Ctrl-C on the terminal reaches only the parent,
 * which then ends the children in order. The child writes straight to its log file, which therefore
 * survives the parent. Throws if the program does not start.
 */
export async function spawnChild(command: ChildCommand): Promise<Child> {
  command.signal?.throwIfAborted();
  const log = openLogFile(command.logFile);
  const logOffset = fstatSync(log).size;
  const spawned = spawn(command.command, command.args, {
    cwd: command.cwd,
    env: command.env,
    detached: true,
    stdio: command.ipc ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
    ...(command.uid === undefined ? {} : { uid: command.uid, gid: command.gid }),
  });
  closeSync(log);
  const exited = new Promise<ChildExit>((resolve) => {
    spawned.once('exit', (code, signal) => resolve({ code, signal }));
  });
  if (spawned.pid === undefined) throw await spawnFailure(spawned, command);
  // A failed kill or a closed channel raises 'error'; the exit event has the outcome.
  spawned.on('error', () => undefined);
  const child = childOf(spawned, { pid: spawned.pid, exited, logOffset }, command);
  const stop = () => void child.stop();
  command.signal?.addEventListener('abort', stop, { once: true });
  void exited.then(() => command.signal?.removeEventListener('abort', stop));
  return child;
}

function childOf(
  spawned: ChildProcess,
  facts: Pick<Child, 'pid' | 'exited' | 'logOffset'>,
  { name, logFile, stopSignal = 'SIGTERM' }: ChildCommand,
): Child {
  const hasExited = () => spawned.exitCode !== null || spawned.signalCode !== null;
  const kill = (signal: NodeJS.Signals) => void spawned.kill(signal);
  async function stop(graceMs = stopGraceMs): Promise<void> {
    if (hasExited()) return;
    kill(stopSignal);
    const timer = setTimeout(() => kill('SIGKILL'), graceMs);
    await facts.exited;
    clearTimeout(timer);
  }
  return { ...facts, name, logFile, process: spawned, hasExited, kill, stop };
}

/** Describes the end of a child, with the last lines of its log. */
export function describeExit(child: Child, { code, signal }: ChildExit): string {
  const how = signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
  return `${child.name} (pid ${child.pid}) ${how}; the last lines of ${child.logFile}:\n${tailOfLog(child.logFile, child.logOffset)}`;
}

function spawnFailure(spawned: ChildProcess, { name, command }: ChildCommand): Promise<Error> {
  return new Promise((resolve) => {
    spawned.once('error', (cause) => {
      resolve(
        new Error(`${name} could not be started from ${command}: ${cause.message}`, { cause }),
      );
    });
  });
}
