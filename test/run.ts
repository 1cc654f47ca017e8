import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verdictOf, type JestResults } from './support/verdict.ts';

/*
 * `npm test [-- jest arguments]` runs the tests against real servers; `--unit` only those that need none. The last line
 * is `N passed, N failed`.
 */

/** Runs jest and resolves to its exit code, or -1 if jest could not be started. */
function runJest(outputFile: string, chosen: readonly string[]): Promise<number> {
  const args = [
    'node_modules/jest/bin/jest.js',
    ...chosen,
    ...(process.argv.includes('--unit') ? ['--selectProjects', 'unit'] : []),
    '--json',
    `--outputFile=${outputFile}`,
    '--testLocationInResults',
  ];
  const child = spawn(process.execPath, ['--experimental-vm-modules', '--no-warnings', ...args], {
    // With --json jest prints the results, which are in the file, on stdout; people read stderr.
    stdio: ['ignore', 'ignore', 'inherit'],
    env: process.env,
  });
  return new Promise((resolve) => {
    child.on('error', () => resolve(-1));
    child.on('close', (code) => resolve(code ?? -1));
  });
}

const chosen = process.argv.slice(2).filter((arg) => arg !== '--unit');
const folder = await mkdtemp(join(tmpdir(), 'tenantry-test-results-'));
const outputFile = join(folder, 'results.json');
const exitCode = await runJest(outputFile, chosen);
const results: JestResults | null = await readFile(outputFile, 'utf8').then(JSON.parse, () => null);
await rm(folder, { recursive: true, force: true });
const { passed, failed, lines } = verdictOf(results, exitCode, chosen);
for (const line of lines) console.log(line);
if (failed > 0) process.exitCode = 1;
console.log(`${passed} passed, ${failed} failed`);
