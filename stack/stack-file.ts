import { readFileSync, rmSync } from 'node:fs';
import { writeFileAtomically } from './write-file-atomically.ts';

/** The children of a stack, in the order in which they depend on each other. */
export const partNames = ['postgres', 'temporal', 'simulator', 'worker', 'api'] as const;
export type PartName = (typeof partNames)[number];

/** What `stack.json` tells while the stack runs. A part that was left out has '' and no pid. */
export interface StackFile {
  apiUrl: string;
  consoleUrl: string;
  simulatorUrl: string;
  temporalAddress: string;
  temporalNamespace: string;
  temporalUiUrl: string;
  temporalCli: string;
  databaseUrl: string;
  pids: Partial<Record<PartName, number>>;
}

/** Writes the file, which holds the database's password, for us alone. */
export function writeStackFile(path: string, content: StackFile): void {
  writeFileAtomically(path, `${JSON.stringify(content, null, 2)}\n`);
}

/** Reads the file; undefined when there is none. */
export function readStackFile(path: string): StackFile | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as StackFile;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Removes the file: what it says holds no longer. */
export function removeStackFile(path: string): void {
  rmSync(path, { force: true });
}
