import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { python } from './intunecd-install.ts';

const runner = fileURLToPath(new URL('run_intunecd_at.py', import.meta.url));
/** IntuneCD's mode for one tenant, with the application from the environment. */
const standalone = '1';

export interface IntuneCdBackup {
  /** The folder from `installIntuneCd`. */
  readonly packages: string;
  /** The origin in place of Microsoft Graph and Entra ID. */
  readonly address: string;
  readonly tenantId: string;
  readonly client: { readonly id: string; readonly secret: string };
  /** The folder for the files. */
  readonly folder: string;
  readonly workers: number;
  /** Receives the pid as soon as the process runs, to measure its memory. */
  readonly onStart?: (pid: number) => void;
}

/** IntuneCD's output during the backup. */
export interface IntuneCdRun {
  readonly seconds: number;
  readonly exitCode: number | null;
  /** The lines that report a problem. */
  readonly complaints: readonly string[];
}

/**
 * Backs up a tenant by IntuneCD in a process of its own. File names end with ids, because policies of one name would
 * overwrite each other.
 */
export async function backUpByIntuneCd(request: IntuneCdBackup): Promise<IntuneCdRun> {
  const { packages, address, tenantId, client, folder, workers, onStart } = request;
  const options = ['-m', standalone, '-p', folder, '--max-workers', String(workers)];
  const before = performance.now();
  const child = spawn(python, [runner, address, ...options, '--append-id'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      PYTHONPATH: packages,
      PYTHONUNBUFFERED: '1',
      TENANT_NAME: tenantId,
      CLIENT_ID: client.id,
      CLIENT_SECRET: client.secret,
    },
  });
  if (child.pid !== undefined) onStart?.(child.pid);
  const output: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => output.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => output.push(text));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return {
    exitCode,
    seconds: (performance.now() - before) / 1000,
    complaints: output.join('').split('\n').filter(isComplaint),
  };
}

function isComplaint(line: string): boolean {
  return /\[ERROR\]|Traceback|Request failed|Error /.test(line);
}

/** The files of a backup by the ids of their objects. Files without an object have no id. */
export async function filesById(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder, { recursive: true });
  return new Map(
    names.flatMap((name) => {
      const id = /__([^/]*)\.json$/.exec(name.slice(Math.max(0, name.lastIndexOf('__'))))?.[1];
      return id === undefined ? [] : [[id, name] as const];
    }),
  );
}
