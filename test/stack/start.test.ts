import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createApiClient, type ApiClient } from '#stack/api-client.ts';
import { pollUntil } from '#stack/poll-until.ts';
import { isRunning, processStart } from '#stack/process-identity.ts';
import { partNames, type StackFile } from '#stack/stack-file.ts';
import { stackFileOf } from '#stack/stack-home.ts';
import {
  runStackCommand,
  stackFileIn,
  type StackCommand,
} from '#test/stack/support/started-stack.ts';

const timeoutMs = 120_000;
const restartTimeoutMs = 30_000;
const sampleTenant = '6f1c2a52-0b77-4b0e-9a43-5d1f3a7c0a02';
const owner = 'owner@alpineskihouse.example';

describe('npm start', () => {
  let home = '';
  let commands: StackCommand[] = [];

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'tenantry-test-'));
  });

  afterEach(async () => {
    for (const command of commands) {
      if (command.process.exitCode === null && command.process.signalCode === null) {
        command.process.kill('SIGTERM');
      }
      await command.exited;
    }
    commands = [];
    await rm(home, { recursive: true, force: true });
  });

  function run(script: string, args: string[] = []): StackCommand {
    const command = runStackCommand(script, home, args);
    commands.push(command);
    return command;
  }

  async function startReady(): Promise<StackCommand> {
    const command = run('start.ts');
    await command.untilReady();
    return command;
  }

  async function signedInApi(): Promise<ApiClient> {
    const token = run('token.ts', [owner]);
    expect(await token.exited).toBe(0);
    return createApiClient(stackFileIn(home).apiUrl, token.output().trim());
  }

  function pidsOf({ pids }: StackFile): number[] {
    return partNames.map((name) => pids[name] ?? 0);
  }

  async function untilWorking(api: ApiClient): Promise<void> {
    const works = () =>
      api.call('GET', `/tenants/${sampleTenant}/runs`).then(
        () => true,
        () => false,
      );
    expect(await pollUntil(works, restartTimeoutMs)).toBe(true);
  }

  // Catches: an ignored lock, a refusal that ends or overwrites the running stack, a child that receives the
  // terminal's Ctrl-C itself or outlives the parent, a stack.json left behind.
  it(
    'runs once per folder, and leaves no process or file behind after Ctrl-C',
    async () => {
      const first = await startReady();
      const running = stackFileIn(home);
      const second = run('start.ts');
      expect(await second.exited).toBe(1);
      expect(second.output()).toContain(running.apiUrl);
      expect(second.output()).toContain(running.temporalUiUrl);
      expect(stackFileIn(home)).toEqual(running);
      expect(pidsOf(running).every(isRunning)).toBe(true);
      await untilWorking(await signedInApi());
      first.signalGroup('SIGINT');
      expect(await first.exited).toBe(0);
      expect(pidsOf(running).filter(isRunning)).toEqual([]);
      expect(existsSync(stackFileOf(home))).toBe(false);
    },
    timeoutMs,
  );

  // Catches: a child without supervision, a restart on another port, outdated pids.
  it(
    'restarts a child that dies, and publishes its new pid',
    async () => {
      const command = await startReady();
      const before = stackFileIn(home);
      const api = await signedInApi();
      for (const name of partNames) {
        process.kill(before.pids[name] ?? 0, 'SIGKILL');
        const isBack = () => {
          const pid = stackFileIn(home).pids[name] ?? 0;
          // The line follows the write of the file, and comes through a pipe.
          const said = command.output().includes(`${name} is back`);
          return said && pid !== before.pids[name] && isRunning(pid);
        };
        expect(await pollUntil(isBack, restartTimeoutMs)).toBe(true);
      }
      await untilWorking(api);
      const { pids: _before, ...addressesBefore } = before;
      const { pids: _after, ...addressesAfter } = stackFileIn(home);
      expect(addressesAfter).toEqual(addressesBefore);
    },
    timeoutMs,
  );

  // Catches: orphans that hold the ports and the data, orphans left running, new state.
  it(
    'continues with the same state after it was killed itself',
    async () => {
      const first = await startReady();
      const before = stackFileIn(home);
      const starts = pidsOf(before).map(processStart);
      const started = await (
        await signedInApi()
      ).call<{ run: { id: string } }>('POST', `/tenants/${sampleTenant}/inventory-syncs`, {});
      first.process.kill('SIGKILL');
      await first.exited;
      await startReady();
      expect(pidsOf(before).filter((pid, index) => processStart(pid) === starts[index])).toEqual(
        [],
      );
      const api = await signedInApi();
      const path = `/tenants/${sampleTenant}/runs/${started.run.id}`;
      const hasEnded = async () =>
        (await api.call<{ status: string }>('GET', path)).status === 'succeeded';
      expect(await pollUntil(hasEnded, restartTimeoutMs)).toBe(true);
    },
    timeoutMs,
  );

  // Catches: an obscure message for a default port in use, half a stack left running.
  it(
    'names the variable of a port in use',
    async () => {
      await startReady();
      const port = new URL(stackFileIn(home).simulatorUrl).port;
      const other = runStackCommand('start.ts', join(home, 'other'), [], { SIMULATOR_PORT: port });
      expect(await other.exited).toBe(1);
      expect(other.output()).toContain(`SIMULATOR_PORT=${port}`);
      expect(existsSync(join(home, 'other', 'postgres'))).toBe(false);
    },
    timeoutMs,
  );
});
