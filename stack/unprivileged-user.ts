import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A system user by its numbers. */
export interface SystemUser {
  uid: number;
  gid: number;
}

/**
 * The user that PostgreSQL, which refuses to run as root, runs as: undefined (ourselves) unless we
 * are root, else the system user `postgres`, made when there is none, else `nobody`.
 * Throws when root finds none of them.
 */
export function unprivilegedUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const user = lookUpUser('postgres') ?? createUser('postgres') ?? lookUpUser('nobody');
  if (user === undefined) {
    throw new Error('PostgreSQL refuses to run as root, and there is no user postgres or nobody');
  }
  return user;
}

/** Tells whether `user` may pass through every folder above `path` and read `path` itself. */
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
