import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { runStackCommand } from '#test/stack/support/started-stack.ts';

const timeoutMs = 300_000;
const tourTimeoutMs = 200_000;

/** The commands of the README's tour; its zip goes into `folder`. */
async function tourInto(folder: string): Promise<string> {
  const readme = await readFile('README.md', 'utf8');
  const [, tour] = /^## A tour$[^]*?^```sh$([^]*?)^```$/m.exec(readme) ?? [];
  if (tour === undefined) throw new Error('the README has no tour');
  return tour.replaceAll('backup.zip', join(folder, 'backup.zip'));
}

async function runInBash(script: string, env: NodeJS.ProcessEnv) {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: tourTimeoutMs,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}

async function runTour(): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'tenantry-test-'));
  const stack = runStackCommand('start.ts', home);
  try {
    await stack.untilReady();
    const { code, output } = await runInBash(await tourInto(home), { TENANTRY_HOME: home });
    expect({ code, output }).toMatchObject({ code: 0 });
    // Backup, preview, restore, its item, undo and export.
    expect(output.match(/succeeded$/gm)).toHaveLength(6);
    expect(output).toMatch(/^true$/m);
    expect((await readFile(join(home, 'backup.zip'))).subarray(0, 2).toString()).toBe('PK');
  } finally {
    stack.process.kill('SIGTERM');
    await stack.exited;
    await rm(home, { recursive: true, force: true });
  }
}

// Catches: a tour with an address, a member or a user that the product does not have.
const missing = ['bash', 'curl'].filter((tool) => spawnSync(tool, ['--version']).status !== 0);
if (missing.length > 0) it.todo(`NOT RUN: the tour of the README needs ${missing.join(' and ')}`);
else it('the tour of the README runs as it is written', runTour, timeoutMs);
