import { spawn } from 'node:child_process';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporalCliVersion } from './temporal-cli-version.ts';

/** The Go module that pins the CLI and its dependencies. */
const moduleFolder = fileURLToPath(new URL('../tools/temporal-cli', import.meta.url));

/** The build took 2.5 to 6.5 minutes on two cores, downloads included. */
const buildTimeoutMs = 20 * 60_000;
const progressIntervalMs = 10_000;

/**
 * Builds the pinned Temporal CLI through Go's module proxy, beside `target`, then renames it. Calls
 * `onProgress` every ten seconds, because the build takes minutes. Throws with the end of Go's
 * output if Go is missing or fails.
 */
export async function buildTemporalCli(
  target: string,
  { env, onProgress }: { env: NodeJS.ProcessEnv; onProgress: (message: string) => void },
): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const staging = `${target}.build-${process.pid}`;
  const startedAt = performance.now();
  const report = () => {
    const elapsedS = Math.round((performance.now() - startedAt) / 1000);
    onProgress(
      `building the Temporal CLI ${temporalCliVersion} with Go, once: ${elapsedS} s so far`,
    );
  };
  report();
  const timer = setInterval(report, progressIntervalMs);
  try {
    await runGo(['build', '-o', staging, 'github.com/temporalio/cli/cmd/temporal'], env);
    await rename(staging, target);
  } finally {
    clearInterval(timer);
    await rm(staging, { force: true });
  }
}

function runGo(args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = spawn('go', args, {
      cwd: moduleFolder,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    // Not the `timeout` of spawn: without Go, its timer keeps the process alive.
    const timer = setTimeout(() => go.kill(), buildTimeoutMs);
    let errors = '';
    go.stderr.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString('utf8')).slice(-2000);
    });
    go.once('error', (error) => {
      clearTimeout(timer);
      reject(new Error(`Go does not run: ${error.message}`));
    });
    go.once('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve();
      else reject(new Error(`go build ended with ${signal ?? code}: ${errors.trim()}`));
    });
  });
}
