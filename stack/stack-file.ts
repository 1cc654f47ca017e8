import { readFileSync, rmSync } from 'node:fs';
import { writeFileAtomically } from './write-file-atomically.ts';

/** The children of a stack, in the order of their dependencies. */
export const partNames = ['postgres', 'temporal', 'simulator', 'worker', 'api'] as const;
export type PartName = (typeof partNames)[number];

/** The content of `stack.json` while the stack runs. A part left out has '' and no pid. */
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

/** Writes the file, readable for this user only, because it holds the database's password. */
export function writeStackFile(path: string, content: StackFile): void {
  writeFileAtomically(path, `${JSON.stringify(content, null, 2)}\n`);
}

/** Reads the file; undefined if it is missing. */
export function readStackFile(path: string): StackFile | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as StackFile;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Removes the file, because its content is no longer true. */
export function removeStackFile(path: string): void {
  rmSync(path, { force: true });
}
