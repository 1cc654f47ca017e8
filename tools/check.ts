import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

/** The checks of `npm run check`. None needs a server; exit code 0 is a pass. */
const checks: readonly { name: string; command: readonly string[] }[] = [
  { name: 'types', command: ['tsc', '-p', '.'] },
  { name: 'types of workflows, without Node', command: ['tsc', '-p', 'tsconfig.workflows.json'] },
  { name: 'lint and folder fences', command: ['oxlint', '--type-aware', '--quiet', '.'] },
  { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'workflow bundle', command: ['node', 'tools/build-workflows.ts', '--check'] },
  { name: 'dead code', command: ['knip'] },
  { name: 'Compose file', command: ['node', 'tools/check-compose.ts'] },
];

/** Runs one check and prints its output only if it fails. Resolves to true for a pass. */
function passes(check: (typeof checks)[number]): Promise<boolean> {
  const [command = '', ...args] = check.command;
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
    child.on('error', () => resolve(false));
    child.on('close', (code) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${check.name} (${seconds} s)`);
      if (code !== 0) process.stdout.write(Buffer.concat(output));
      resolve(code === 0);
    });
  });
}

if (!existsSync('package.json')) throw new Error('run it from the folder of package.json');
let failed = 0;
for (const check of checks) failed += (await passes(check)) ? 0 : 1;
if (failed > 0) process.exitCode = 1;
