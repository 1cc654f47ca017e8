import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { endOrphans, openProcessRecord } from '#stack/orphans.ts';
import { isRunning, processStart } from '#stack/process-identity.ts';

function spawnSleeper() {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return { pid: child.pid ?? 0, kill: () => child.kill('SIGKILL'), exited };
}

describe('the record of started processes', () => {
  let folder = '';
  let path = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tenantry-test-'));
    path = join(folder, 'processes.json');
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  // Catches: a record written late, or never read.
  it('ends the recorded processes', async () => {
    const sleeper = spawnSleeper();
    openProcessRecord(path).add('worker', sleeper.pid);
    expect(await endOrphans(path)).toEqual(['worker']);
    await sleeper.exited;
    expect(isRunning(sleeper.pid)).toBe(false);
  });

  // Catches: identifying a process by its pid alone, because the system reuses pids.
  it('leaves alone another process with the pid of a recorded one', async () => {
    const stranger = spawnSleeper();
    const start = `${processStart(stranger.pid) ?? ''}0`;
    await writeFile(path, JSON.stringify([{ name: 'worker', pid: stranger.pid, start }]));
    expect(await endOrphans(path)).toEqual([]);
    expect(isRunning(stranger.pid)).toBe(true);
    stranger.kill();
    await stranger.exited;
  });
});
