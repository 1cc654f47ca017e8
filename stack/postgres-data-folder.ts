import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from './process-identity.ts';
import type { SystemUser } from './unprivileged-user.ts';

/**
 * Started by root as another user, PostgreSQL may not be able to pass the folders above its data (a
 * home below /root, a temporary folder of mode 700). On Linux it then reaches what it was handed,
 * its working folder and its standard input, by names for which no folder is walked.
 */
function needsHandedNames(user: SystemUser | undefined): boolean {
  return user !== undefined && process.platform === 'linux';
}

/** How PostgreSQL, started in its data folder, is told where that lies. */
export function dataFolderArgument(dataDir: string, user: SystemUser | undefined): string {
  return needsHandedNames(user) ? '/proc/self/cwd' : dataDir;
}

/** How PostgreSQL is told the name of a file that it has as its standard input. */
export function standardInputArgument(path: string, user: SystemUser | undefined): string {
  return needsHandedNames(user) ? '/proc/self/fd/0' : path;
}

/**
 * Removes the lock file of a server that is gone. PostgreSQL does so itself, but takes a zombie
 * that nobody reaps, as in a container without an init, for a server that still runs.
 */
export function removeStaleLock(dataDir: string): void {
  const lockFile = join(dataDir, 'postmaster.pid');
  if (!existsSync(lockFile)) return;
  const pid = Number(readFileSync(lockFile, 'utf8').split('\n')[0]);
  if (Number.isInteger(pid) && pid > 0 && !isRunning(pid)) rmSync(lockFile, { force: true });
}
