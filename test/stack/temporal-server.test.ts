import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { findTemporalCli } from '#stack/temporal-cli.ts';
import { startTemporal, type RunningTemporal } from '#stack/temporal-server.ts';

const timeoutMs = 60_000;

describe('the embedded Temporal', () => {
  let folder = '';
  let running: RunningTemporal | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tenantry-test-'));
  });

  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  async function start(port = 0): Promise<RunningTemporal> {
    return startTemporal({
      cli: await findTemporalCli(),
      port,
      uiPort: 0,
      dbFile: join(folder, 'temporal.db'),
      logFile: join(folder, 'temporal.log'),
    });
  }

  async function withClient<T>(use: (client: Client) => Promise<T>): Promise<T> {
    const connection = await Connection.connect({ address: running?.address ?? '' });
    try {
      return await use(new Client({ connection, namespace: 'default' }));
    } finally {
      await connection.close();
    }
  }

  // Catches: a missing search attribute or --db-filename, and a server reported ready too early.
  it(
    'accepts workflows at once and keeps them through a kill',
    async () => {
      running = await start();
      const typedSearchAttributes = ['TenantId', 'OperationType', 'RunId', 'Initiator'];
      await withClient((client) =>
        client.workflow.start('nobody-runs-it', {
          taskQueue: 'none',
          workflowId: 'kept',
          searchAttributes: Object.fromEntries(typedSearchAttributes.map((name) => [name, ['x']])),
        }),
      );
      running.kill('SIGKILL');
      await running.exited;
      running = await start(running.port);
      const description = await withClient((client) =>
        client.workflow.getHandle('kept').describe(),
      );
      expect(description.status.name).toBe('RUNNING');
      expect(Object.keys(description.searchAttributes).sort()).toEqual(
        [...typedSearchAttributes].sort(),
      );
    },
    timeoutMs,
  );
});
