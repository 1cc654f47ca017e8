import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { dataFolderArgument } from './postgres-data-folder.ts';
import type { SystemUser } from './unprivileged-user.ts';

const execute = promisify(execFile);

/** initdb takes about a second; a slow disk may need more. */
const initdbTimeoutMs = 120_000;

/** The name of the superuser. */
export const postgresUser = 'postgres';

/**
 * Makes the database cluster in `dataDir` unless it is there. Answers the superuser's password,
 * which is random and kept in `<dataDir>.password`, readable by us alone. The cluster is made
 * beside its place and renamed, so that an interrupted start never leaves half of one.
 */
export async function ensureCluster(
  dataDir: string,
  binaries: PostgresBinaries,
  user: SystemUser | undefined,
): Promise<string> {
  const passwordFile = `${dataDir}.password`;
  if (existsSync(join(dataDir, 'PG_VERSION'))) return readFileSync(passwordFile, 'utf8').trim();
  const password = randomBytes(24).toString('base64url');
  const staging = `${dataDir}.new`;
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true, mode: 0o700 });
  if (user !== undefined) chownSync(staging, user.uid, user.gid);
  await runInitdb(staging, password, binaries, user);
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  renameSync(staging, dataDir);
  return password;
}

async function runInitdb(
  folder: string,
  password: string,
  { initdb }: PostgresBinaries,
  user: SystemUser | undefined,
): Promise<void> {
  // initdb reads the password from a file only, and as the user that it runs as.
  const secretFolder = await mkdtemp(join(tmpdir(), 'tenantry-initdb-'));
  const secretFile = join(secretFolder, 'password');
  writeFileSync(secretFile, `${password}\n`, { mode: 0o600 });
  if (user !== undefined) {
    for (const path of [secretFolder, secretFile]) chownSync(path, user.uid, user.gid);
  }
  try {
    await execute(
      initdb,
      [
        `--pgdata=${dataFolderArgument(folder, user)}`,
        `--username=${postgresUser}`,
        '--auth=scram-sha-256',
        `--pwfile=${secretFile}`,
        '--encoding=UTF8',
        // The built-in provider sorts and folds case alike on every platform.
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
      ],
      { cwd: folder, timeout: initdbTimeoutMs, ...user },
    );
  } finally {
    rmSync(secretFolder, { recursive: true, force: true });
  }
}
