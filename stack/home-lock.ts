import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { processStart } from './process-identity.ts';
import { readStackFile } from './stack-file.ts';
import type { StackHome } from './stack-home.ts';

interface Holder {
  pid: number;
  start: string;
}

/** Another process runs a stack on the same folder; the message names it. */
export class HomeInUseError extends Error {
  override name = 'HomeInUseError';
}

/**
 * Locks the folder for this process, and takes over the lock of a process that is gone. Returns the
 * release. Throws HomeInUseError while the holder lives.
 */
export function lockHome(home: StackHome): () => void {
  const own: Holder = { pid: process.pid, start: processStart(process.pid) ?? '' };
  const staging = `${home.lockFile}.${process.pid}`;
  writeFileSync(staging, JSON.stringify(own), { mode: 0o600 });
  try {
    while (!tryLink(staging, home.lockFile)) removeStaleLock(home);
  } finally {
    rmSync(staging, { force: true });
  }
  return () => {
    if (isSame(readHolder(home.lockFile), own)) rmSync(home.lockFile, { force: true });
  };
}

/** A hard link appears whole or not at all, and never replaces a file. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function removeStaleLock(home: StackHome): void {
  const holder = readHolder(home.lockFile);
  if (holder === undefined) return;
  if (processStart(holder.pid) === holder.start) throw new HomeInUseError(inUse(home, holder));
  // Two processes may take over at once. Then the one that moved the other's new lock aside puts it
  // back.
  const aside = `${home.lockFile}.stale.${process.pid}`;
  try {
    renameSync(home.lockFile, aside);
  } catch {
    return;
  }
  if (!isSame(readHolder(aside), holder)) tryLink(aside, home.lockFile);
  rmSync(aside, { force: true });
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function isSame(a: Holder | undefined, b: Holder): boolean {
  return a !== undefined && a.pid === b.pid && a.start === b.start;
}

function inUse(home: StackHome, holder: Holder): string {
  const running = readStackFile(home.stackFile);
  const where =
    running === undefined
      ? 'It is still starting or already stopping.'
      : `API ${running.apiUrl} · simulator ${running.simulatorUrl} · Temporal Web UI ${running.temporalUiUrl}`;
  return [
    `A stack already runs on ${home.folder} (process ${holder.pid}).`,
    where,
    'End that one first, or give this one a folder of its own with TENANTRY_HOME and free ports (0).',
  ].join('\n');
}
