import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { temporalCliVersion } from './temporal-cli-version.ts';

const execute = promisify(execFile);

/** The download address of Temporal's documentation and SDKs. */
const downloadUrl = 'https://temporal.download/cli/archive';

/** With internet the answer starts within seconds; without it the search must go on soon. */
const connectTimeoutMs = 20_000;

/** The archive has about 60 MB; a build is faster than a slower line. */
const downloadTimeoutMs = 300_000;

/**
 * Downloads the pinned release of the Temporal CLI to a folder beside `target`, then renames it: no
 * process ever sees half a file. Throws if the download fails.
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
