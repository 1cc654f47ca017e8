import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A system user by its numbers. */
export interface SystemUser {
  uid: number;
  gid: number;
}

/**
 * The user for PostgreSQL, which refuses to run as root. Undefined (the current user) unless this
 * process is root; otherwise the system user `postgres`, created if missing, or `nobody`. Throws if
 * root finds neither.
 */
export function unprivilegedUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const user = lookUpUser('postgres') ?? createUser('postgres') ?? lookUpUser('nobody');
  if (user === undefined) {
    throw new Error('PostgreSQL refuses to run as root, and there is no user postgres or nobody');
  }
  return user;
}

/** Whether `user` may pass every folder above `path` and read `path` itself. */
export function canReach(user: SystemUser, path: string): boolean {
  const readAndPass = 0o5;
  const pass = 0o1;
  if (!isAllowed(user, path, readAndPass)) return false;
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if (!isAllowed(user, folder, pass)) return false;
  }
  return true;
}

function isAllowed({ uid, gid }: SystemUser, path: string, wanted: number): boolean {
  const stat = statSync(path);
  const shift = stat.uid === uid ? 6 : stat.gid === gid ? 3 : 0;
  return ((stat.mode >> shift) & wanted) === wanted;
}

function lookUpUser(name: string): SystemUser | undefined {
  const uid = spawnSync('id', ['-u', name], { encoding: 'utf8' });
  const gid = spawnSync('id', ['-g', name], { encoding: 'utf8' });
  if (uid.status !== 0 || gid.status !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

function createUser(name: string): SystemUser | undefined {
  const options = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin'];
  spawnSync('useradd', [...options, name]);
  return lookUpUser(name);
}
