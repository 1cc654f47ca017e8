import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { buildTemporalCli } from './temporal-cli-build.ts';
import { downloadTemporalCli } from './temporal-cli-download.ts';
import { temporalCliVersion, whyUnusable } from './temporal-cli-version.ts';

/** The options of the search for the CLI. */
export interface FindTemporalCliOptions {
  env?: NodeJS.ProcessEnv;
  onProgress?: (message: string) => void;
}

const executableSuffix = process.platform === 'win32' ? '.exe' : '';

/**
 * Finds a Temporal CLI that runs, in this order: `TEMPORAL_CLI`, the PATH, the cache outside the
 * checkout, a download, a build with Go. The last two fill the cache. Throws one message with all
 * attempts and the remedy.
 */
export async function findTemporalCli(options: FindTemporalCliOptions = {}): Promise<string> {
  const { env = process.env, onProgress = () => undefined } = options;
  const named = env['TEMPORAL_CLI'];
  if (named) return requireUsable(named);
  const cached = cachedCli(env);
  const tried: string[] = ['TEMPORAL_CLI is not set'];
  for (const path of [findOnPath(env), cached]) {
    const reason = await whyNotUsed(path);
    if (path !== undefined && reason === undefined) return path;
    tried.push(`${path ?? '`temporal` on the PATH'} ${reason}`);
  }
  for (const [what, fetchInto] of [
    ['the download', downloadTemporalCli],
    ['the build with Go', buildTemporalCli],
  ] as const) {
    try {
      onProgress(`no Temporal CLI on this machine yet: trying ${what}`);
      await fetchInto(cached, { env, onProgress });
      const reason = await whyUnusable(cached);
      if (reason === undefined) return cached;
      tried.push(`${what}: the result ${reason}`);
    } catch (error) {
      tried.push(`${what} failed: ${explain(error)}`);
    }
  }
  throw new Error(notFoundMessage(tried));
}

/** The path of the CLI in the cache. */
function cachedCli(env: NodeJS.ProcessEnv): string {
  const name = `temporal-v${temporalCliVersion}-${process.platform}-${process.arch}`;
  return join(cacheFolder(env), name + executableSuffix);
}

async function requireUsable(path: string): Promise<string> {
  const reason = await whyUnusable(path);
  if (reason !== undefined) throw new Error(`TEMPORAL_CLI names ${path}, which ${reason}`);
  return path;
}

async function whyNotUsed(path: string | undefined): Promise<string | undefined> {
  return path === undefined || !existsSync(path) ? 'is not there' : await whyUnusable(path);
}

function findOnPath(env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, `temporal${executableSuffix}`)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

function notFoundMessage(tried: string[]): string {
  return [
    'The Temporal CLI, whose development server the stack runs, was not found:',
    ...tried.map((line) => `  - ${line}`),
    `What to do: install the Temporal CLI ${temporalCliVersion} or newer so that \`temporal\` is on the PATH,`,
    'or set TEMPORAL_CLI to its path, or install Go 1.26 or newer and try again.',
  ].join('\n');
}
