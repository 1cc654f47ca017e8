import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from './process-identity.ts';
import type { SystemUser } from './unprivileged-user.ts';

/**
 * When root starts PostgreSQL as another user, it may not pass the folders above its data (a home
 * below /root, a temporary folder of mode 700). On Linux it then uses the names of its working
 * folder and its standard input, for which the kernel walks no folder.
 */
function needsHandedNames(user: SystemUser | undefined): boolean {
  return user !== undefined && process.platform === 'linux';
}

/** The name of the data folder for a PostgreSQL that starts in it. */
export function dataFolderArgument(dataDir: string, user: SystemUser | undefined): string {
  return needsHandedNames(user) ? '/proc/self/cwd' : dataDir;
}

/** The name of a file that PostgreSQL has as its standard input. */
export function standardInputArgument(path: string, user: SystemUser | undefined): string {
  return needsHandedNames(user) ? '/proc/self/fd/0' : path;
}

/**
 * Removes the lock file of a dead server. PostgreSQL does so itself, but it takes an unreaped
 * zombie, as in a container without an init, for a running server.
 */
export function removeStaleLock(dataDir: string): void {
  const lockFile = join(dataDir, 'postmaster.pid');
  if (!existsSync(lockFile)) return;
  const pid = Number(readFileSync(lockFile, 'utf8').split('\n')[0]);
  if (Number.isInteger(pid) && pid > 0 && !isRunning(pid)) rmSync(lockFile, { force: true });
}
