import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The paths below the folder that holds all the state of one stack. */
export interface StackHome {
  folder: string;
  /** Where other processes learn the addresses of the running stack. */
  stackFile: string;
  /** Held by the one process that runs the stack. */
  lockFile: string;
  /** The processes that the stack started, for the next start should this one be killed. */
  processFile: string;
  postgresData: string;
  temporalDatabase: string;
  simulatorData: string;
}

/** The folder that `TENANTRY_HOME` names, `.tenantry` unless set, as an absolute path. */
export function homeFolder(env: NodeJS.ProcessEnv): string {
  return resolve(env['TENANTRY_HOME'] || '.tenantry');
}

/** Where `stack.json` of a stack's folder lies. */
export function stackFileOf(folder: string): string {
  return join(folder, 'stack.json');
}

/** Makes the folder of a stack, for us alone since it holds secrets, and names what lies in it. */
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

/** The log of one child, named after it. */
export function logFileOf(home: StackHome, child: string): string {
  return join(home.folder, 'logs', `${child}.log`);
}
