import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The release of the CLI in the stack's tests; tools/temporal-cli pins the same one. */
export const temporalCliVersion = '1.9.1';

/** Task queue fairness and worker versioning need at least this server. */
const oldestServer = [1, 29, 1] as const;

/** `--version` prints one line; a slower binary is no Temporal CLI. */
const versionTimeoutMs = 15_000;

/**
 * Runs `<path> --version`. Returns undefined for a Temporal CLI with a recent dev server, otherwise
 * the reason against it.
 */
export async function whyUnusable(path: string): Promise<string | undefined> {
  try {
    const { stdout } = await execute(path, ['--version'], { timeout: versionTimeoutMs });
    const match = /Server (\d+)\.(\d+)\.(\d+)/.exec(stdout);
    if (match === null) return `is no Temporal CLI (it says ${JSON.stringify(firstLine(stdout))})`;
    const server = match.slice(1, 4).map(Number);
    return isAtLeast(server, oldestServer)
      ? undefined
      : `has server ${server.join('.')}, at least ${oldestServer.join('.')} is needed`;
  } catch (error) {
    return `does not run (${error instanceof Error ? firstLine(error.message) : String(error)})`;
  }
}

function isAtLeast(version: readonly number[], minimum: readonly number[]): boolean {
  for (const [index, wanted] of minimum.entries()) {
    const part = version[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
