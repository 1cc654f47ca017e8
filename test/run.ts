import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTemporalCli } from '#stack/temporal-cli.ts';

/**
 * `npm test [-- jest arguments]`: all suites against the real parts. Two files at a time, since each starts servers
 * of its own on what is taken to be a machine of two cores. The last line is `N passed, N failed`.
 */
const parallelFiles = 2;

interface JestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly title: string }[];
  }[];
}

/** What a machine lacks for a test stands in the name of a todo that begins so; no other todo is accepted. */
const notRunMark = 'NOT RUN: ';

function todosOf(results: JestResults | null): string[] {
  const tests = results?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? [];
  return tests.filter(({ status }) => status === 'todo').map(({ title }) => title);
}

/** Runs jest and resolves to its exit code; -1 when it could not be started. */
function runJest(outputFile: string): Promise<number> {
  const args = [
    'node_modules/jest/bin/jest.js',
    `--maxWorkers=${parallelFiles}`,
    '--json',
    `--outputFile=${outputFile}`,
    '--testLocationInResults',
    ...process.argv.slice(2),
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

process.env['TEMPORAL_CLI'] = await findTemporalCli({
  onProgress: (line: string) => console.log(line),
});
const folder = await mkdtemp(join(tmpdir(), 'tenantry-test-results-'));
const outputFile = join(folder, 'results.json');
const exitCode = await runJest(outputFile);
const results: JestResults | null = await readFile(outputFile, 'utf8').then(JSON.parse, () => null);
await rm(folder, { recursive: true, force: true });
// A suite that could not even be loaded has no failed test and is a failure all the same.
const failed = Math.max(results?.numFailedTests ?? 1, results?.numFailedTestSuites ?? 1);
const passed = results?.numPassedTests ?? 0;
if (results !== null && results.numPendingTests > 0) {
  console.log(`${results.numPendingTests} tests were skipped: that counts as failed`);
}
const todos = todosOf(results);
for (const todo of todos) console.log(todo);
const unfinished = todos.filter((todo) => !todo.startsWith(notRunMark)).length;
const unsound = failed + unfinished + (results?.numPendingTests ?? 0);
if (exitCode !== 0 || unsound > 0 || passed === 0) process.exitCode = 1;
console.log(`${passed} passed, ${exitCode !== 0 && unsound === 0 ? 1 : unsound} failed`);
