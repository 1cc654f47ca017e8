import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { dataFolderArgument, standardInputArgument } from './postgres-data-folder.ts';
import type { SystemUser } from './unprivileged-user.ts';

/** The name of the superuser. */
export const postgresUser = 'postgres';

/**
 * Creates the database cluster in `dataDir` if it is missing: beside its place, then renamed, so an
 * interrupted start leaves no half cluster. Returns the superuser's random password, which
 * `<dataDir>.password` keeps, readable for this user only. Throws with initdb's message if initdb
 * fails.
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
  // initdb reads the password only from a file, and opens it as the user that runs it.
  const secretFile = `${folder}.secret`;
  writeFileSync(secretFile, `${password}\n`, { mode: 0o600 });
  if (user !== undefined) chownSync(secretFile, user.uid, user.gid);
  const secret = openSync(secretFile, 'r');
  const args = [
    `--pgdata=${dataFolderArgument(folder, user)}`,
    `--username=${postgresUser}`,
    '--auth=scram-sha-256',
    `--pwfile=${standardInputArgument(secretFile, user)}`,
    '--encoding=UTF8',
    // The built-in provider sorts and folds case alike on every platform.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ];
  const initialized = spawn(initdb, args, {
    cwd: folder,
    stdio: [secret, 'ignore', 'pipe'],
    ...user,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      let errors = '';
      initialized.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
      initialized.once('error', reject);
      initialized.once('close', (code, signal) => {
        if (code === 0) resolve();
        else reject(new Error(`initdb ended with ${signal ?? code}: ${errors.trim()}`));
      });
    });
  } finally {
    closeSync(secret);
    rmSync(secretFile, { force: true });
  }
}
