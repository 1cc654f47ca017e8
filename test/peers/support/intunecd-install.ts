import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheFolder } from '#stack/cache-folder.ts';

const execute = promisify(execFile);

const requirementsFile = fileURLToPath(new URL('intunecd-requirements.txt', import.meta.url));
export const python = 'python3';
/** Enough for some thirty small packages; a slower line is not worth the wait. */
const installTimeoutMs = 300_000;
/** The identity of an installation: compiled packages fit one version of Python on one kind of machine only. */
const pythonTag =
  'import platform; print("py" + platform.python_version(), platform.machine(), sep="-")';

/** The folder of IntuneCD's packages, or the reason why they are missing. */
export type Installation = { readonly packages: string } | { readonly notRun: string };

/**
 * Finds IntuneCD in the cache outside the checkout, or installs it there from PyPI with pinned versions. Does not
 * throw if the machine lacks a part: the answer has the reason.
 */
export async function installIntuneCd(): Promise<Installation> {
  let tag: string;
  try {
    tag = (await execute(python, ['-c', pythonTag])).stdout.trim();
    await execute(python, ['-m', 'pip', '--version']);
  } catch {
    return { notRun: `NOT RUN: ${python} with pip is not installed, so IntuneCD cannot be` };
  }
  const requirements = await readFile(requirementsFile);
  const hash = createHash('sha256').update(requirements).digest('hex').slice(0, 12);
  const packages = join(cacheFolder(), `intunecd-${tag}-${hash}`);
  if (await exists(packages)) return { packages };
  try {
    await installTo(packages);
    return { packages };
  } catch (error) {
    return { notRun: `NOT RUN: IntuneCD cannot be installed from PyPI: ${lastLine(error)}` };
  }
}

/** Installs beside the target, then renames: no process ever sees half an installation. */
async function installTo(target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const folder = await mkdtemp(`${target}.install-`);
  const quietly = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-deps'];
  const what = ['--target', folder, '--requirement', requirementsFile];
  try {
    await execute(python, ['-m', 'pip', 'install', ...quietly, ...what], {
      timeout: installTimeoutMs,
    });
    await rename(folder, target);
  } catch (error) {
    // Another process was faster, with the same installation.
    if (!(await exists(target))) throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function lastLine(error: unknown): string {
  const text = error instanceof Error ? ('stderr' in error ? String(error.stderr) : '') : '';
  return text.trim().split('\n').at(-1) ?? 'no reason given';
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
