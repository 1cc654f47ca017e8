import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { temporalCliVersion } from './temporal-cli-version.ts';

const execute = promisify(execFile);

/** The address that Temporal's documentation and its SDKs download the CLI from. */
const downloadUrl = 'https://temporal.download/cli/archive';

/** Without internet the search must go on soon; with it, the answer starts within seconds. */
const connectTimeoutMs = 20_000;

/** The archive has about 60 MB; a line that needs longer than this is not worth the wait. */
const downloadTimeoutMs = 300_000;

/**
 * Downloads the pinned release of the Temporal CLI to `target`, by way of a folder beside it and a
 * rename, so that nobody ever sees half a file. Throws when that is not possible.
 */
export async function downloadTemporalCli(target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const folder = await mkdtemp(`${target}.download-`);
  try {
    const archive = join(folder, 'archive');
    await download(archiveUrl(), archive);
    const binary = process.platform === 'win32' ? 'temporal.exe' : 'temporal';
    await execute('tar', ['-xf', archive, '-C', folder, binary]);
    await chmod(join(folder, binary), 0o755);
    await rename(join(folder, binary), target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function archiveUrl(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  return `${downloadUrl}/v${temporalCliVersion}?platform=${platform}&arch=${arch}`;
}

async function download(url: string, path: string): Promise<void> {
  const abort = new AbortController();
  const connectTimer = setTimeout(() => abort.abort(tooSlow(connectTimeoutMs)), connectTimeoutMs);
  const totalTimer = setTimeout(() => abort.abort(tooSlow(downloadTimeoutMs)), downloadTimeoutMs);
  try {
    const response = await fetch(url, { signal: abort.signal });
    clearTimeout(connectTimer);
    if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
    await pipeline(Readable.fromWeb(response.body), createWriteStream(path));
  } finally {
    clearTimeout(connectTimer);
    clearTimeout(totalTimer);
  }
}

function tooSlow(limitMs: number): Error {
  return new Error(`no answer within ${limitMs / 1000} s`);
}
