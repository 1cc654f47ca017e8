import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HomeInUseError } from '#stack/home-lock.ts';
import { pollUntil } from '#stack/poll-until.ts';
import { isRunning } from '#stack/process-identity.ts';
import { startStack, type Stack } from '#stack/stack.ts';

const timeoutMs = 120_000;

describe('startStack', () => {
  let home = '';
  let stack: Stack | undefined;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'tenantry-test-'));
  });

  afterEach(async () => {
    await stack?.stop();
    stack = undefined;
    await rm(home, { recursive: true, force: true });
  });

  // Catches: extra processes on a shared port, or left running at the end; a restart handled as a crash; a second
  // stack in the same process.
  it(
    'runs more APIs and workers, restarts in good order and ends them all',
    async () => {
      stack = await startStack({ home });
      await expect(startStack({ home })).rejects.toThrow(HomeInUseError);
      const [api, worker] = await Promise.all([stack.spawnApi(), stack.spawnWorker()]);
      expect(api.url).not.toBe(stack.apiUrl);
      for (const url of [stack.apiUrl, api.url]) {
        expect((await fetch(`${url}/readyz`)).status).toBe(200);
      }
      const { worker: pidBefore = 0 } = stack.pids;
      await stack.restart('worker');
      const { pids } = stack;
      expect(pids.worker).not.toBe(pidBefore);
      expect(isRunning(pidBefore)).toBe(false);
      await stack.stop();
      const all = [...Object.values(pids), api.pid, worker.pid];
      expect(all.filter(isRunning)).toEqual([]);
    },
    timeoutMs,
  );

  // Catches: a failed start that leaves the other parts running and the folder locked.
  it(
    'ends all parts when one cannot start',
    async () => {
      const spoiled = { ...process.env, SIMULATOR_SEED_DIR: '', SETTLE_SECONDS: 'never' };
      await expect(startStack({ home, env: spoiled })).rejects.toThrow(/SETTLE_SECONDS/);
      expect(existsSync(join(home, 'processes.json'))).toBe(false);
      stack = await startStack({ home, parts: ['temporal'] });
      expect(Object.keys(stack.pids)).toEqual(['temporal']);
    },
    timeoutMs,
  );

  // Catches: a start that cannot be aborted, and children left behind.
  it(
    'can be aborted while it starts',
    async () => {
      const giveUp = new AbortController();
      const starting = startStack({ home, signal: giveUp.signal });
      await pollUntil(() => existsSync(join(home, 'processes.json')), timeoutMs);
      giveUp.abort(new Error('given up'));
      await expect(starting).rejects.toThrow('given up');
      expect(existsSync(join(home, 'processes.json'))).toBe(false);
      expect(existsSync(join(home, 'lock.json'))).toBe(false);
    },
    timeoutMs,
  );
});
