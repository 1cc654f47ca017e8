import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from './process-identity.ts';
import type { SystemUser } from './unprivileged-user.ts';

/**
 * How PostgreSQL is told where its data lies. Started by root as another user, it may not be able
 * to pass the folders above (a home below /root, a temporary folder of mode 700); it is started in
 * the data folder then, and reaches it as its own working folder, for which no path is walked.
 */
export function dataFolderArgument(dataDir: string, user: SystemUser | undefined): string {
  return user !== undefined && process.platform === 'linux' ? '/proc/self/cwd' : dataDir;
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
