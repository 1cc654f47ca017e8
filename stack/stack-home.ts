import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The paths below the folder with all state of one stack. */
export interface StackHome {
  folder: string;
  /** Other processes read the addresses of the running stack from it. */
  stackFile: string;
  /** The lock of the process that runs the stack. */
  lockFile: string;
  /** The stack's processes, for the next start in case this process is killed. */
  processFile: string;
  postgresData: string;
  temporalDatabase: string;
  simulatorData: string;
}

/** The absolute path of the folder `TENANTRY_HOME`, `.tenantry` by default. */
export function homeFolder(env: NodeJS.ProcessEnv): string {
  return resolve(env['TENANTRY_HOME'] || '.tenantry');
}

/** The path of `stack.json` in a stack's folder. */
export function stackFileOf(folder: string): string {
  return join(folder, 'stack.json');
}

/**
 * Creates the folder of a stack, for this user only because it holds secrets. Returns its paths.
 */
export function openStackHome(folder: string): StackHome {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    folder,
    stackFile: stackFileOf(folder),
    lockFile: join(folder, 'lock.json'),
    processFile: join(folder, 'processes.json'),
    postgresData: join(folder, 'postgres'),
    temporalDatabase: join(folder, 'temporal.db'),
    simulatorData: join(folder, 'simulator'),
  };
}

/** The log of one child. */
export function logFileOf(home: StackHome, child: string): string {
  return join(home.folder, 'logs', `${child}.log`);
}
