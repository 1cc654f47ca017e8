import { fileURLToPath } from 'node:url';
import { describeExit, spawnChild, type Child } from './child.ts';
import { partOf, type Part, type PartStart } from './part.ts';

/** A program of this repository: its script, its arguments and its settings. */
export interface NodeProgram {
  name: string;
  script: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  logFile: string;
}

/** A worker first bundles its workflows: 3 s on a busy machine. */
const readyTimeoutMs = 60_000;

/** Migrations of a large database are slow. */
const runTimeoutMs = 10 * 60_000;

const checkout = fileURLToPath(new URL('..', import.meta.url));

/**
 * Starts a program and waits for its ready message over IPC. Throws with the last lines of its log
 * if the program ends first or stays silent for a minute.
 */
export async function startNodePart(program: NodeProgram, start: PartStart): Promise<Part> {
  const child = await spawnProgram(program, start);
  try {
    return partOf(child, await readyUrl(child));
  } catch (error) {
    await child.stop();
    throw error;
  }
}

/**
 * Runs a program to its end. Throws with the last lines of its log for an exit code other than 0.
 */
export async function runNodeProgram(program: NodeProgram, start: PartStart): Promise<void> {
  const child = await spawnProgram(program, start);
  const timer = setTimeout(() => child.kill('SIGKILL'), runTimeoutMs);
  const exit = await child.exited;
  clearTimeout(timer);
  if (exit.code !== 0) throw new Error(describeExit(child, exit));
}

async function spawnProgram(program: NodeProgram, start: PartStart): Promise<Child> {
  const { name, script, args, env, logFile } = program;
  const child = await spawnChild({
    ...{ name, env, logFile, ipc: true, signal: start.signal },
    command: process.execPath,
    args: [script, ...args],
    cwd: checkout,
  });
  start.onSpawn(child);
  return child;
}

function readyUrl(child: Child): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(
        new Error(
          `${child.name} is not ready after ${readyTimeoutMs / 1000} s; its log is ${child.logFile}`,
        ),
      );
    }, readyTimeoutMs);
    child.process.on('message', (message) => {
      const { type, url } = message as { type?: unknown; url?: unknown };
      if (type !== 'ready') return;
      clearTimeout(timer);
      resolve(typeof url === 'string' ? url : undefined);
    });
    void child.exited.then((exit) => {
      clearTimeout(timer);
      reject(new Error(describeExit(child, exit)));
    });
  });
}
