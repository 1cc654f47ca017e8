import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { NativeConnection, type Worker } from '@temporalio/worker';
import { createActivities } from '#activities/create-activities.ts';
import { settleWindow } from '#activities/runtime/settle-window.ts';
import type { Config } from '#config.ts';
import { inTenant } from '#db/database.ts';
import { upsertSeenPolicies } from '#db/inventory/policies.ts';
import { createSnapshotCipher } from '#db/snapshot/snapshot-cipher.ts';
import { insertTenant } from '#db/tenant/tenants.ts';
import { createGraph } from '#graph/client.ts';
import { createGraphWriters } from '#graph/graph-writers.ts';
import type { GraphConfig } from '#graph/port/graph-config.ts';
import type { Graph } from '#graph/port/graph-reader.ts';
import { createLogger } from '#logger.ts';
import { startSimulator } from '#simulator/server.ts';
import { startTemporal } from '#stack/temporal-server.ts';
import { createTemporal, type Temporal } from '#temporal/connect.ts';
import { createRunStarter, type RunStarter } from '#temporal/run/run-starter.ts';
import { createBackupSchedules } from '#temporal/schedule/backup-schedules.ts';
import { createWorkers } from '#temporal/worker.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { quietRuntime } from './quiet-runtime.ts';

export const testCipher = createSnapshotCipher([{ id: 'test', key: Buffer.alloc(32, 7) }]);
export const silentLog = createLogger({ level: 'silent', name: 'test' });

/** The parts of the product in one process, over a real server of each kind. */
export interface Kernel {
  readonly database: TestDatabase;
  readonly client: Client;
  readonly runs: RunStarter;
  readonly simulatorUrl: string;
  readonly temporal: Awaited<ReturnType<typeof startTemporal>>;
  /**
   * Starts another pair of workers (runs, Graph), with this checkout's workflows or others; they end with the kernel.
   */
  startWorkers(
    bundle?: { codePath: string } | { code: string },
    /** The deployment version of the workers; none by default. */
    version?: Pick<Config, 'TEMPORAL_WORKER_DEPLOYMENT' | 'TEMPORAL_WORKER_BUILD_ID'>,
  ): Promise<Worker[]>;
  stop(): Promise<void>;
}

/** Longer than an attempt at an item on a busy machine, and short enough for a test to wait. */
const settleSeconds = 4;

const workerConfig = {
  POSTGRES_POOL_SIZE: 20,
  GRAPH_MAX_CONCURRENT_ACTIVITIES: 20,
  TEMPORAL_NAMESPACE: 'default',
} as Config;

/** The connection of API and workers to Temporal. */
export function connectTo(address: string): Temporal {
  return createTemporal(
    {},
    {
      TEMPORAL_ADDRESS: address,
      TEMPORAL_NAMESPACE: 'default',
      TEMPORAL_RUN_ID_ATTRIBUTE: 'RunId',
    },
  );
}

/** The bundle of global-setup.mts: to bundle takes seconds. */
export function testBundle(): { codePath: string } {
  return { codePath: process.env['TEST_WORKFLOW_BUNDLE'] ?? '' };
}

/**
 * Starts Temporal, the simulator and a pair of workers over a clone of the database.
 * @param options.workers false starts no workers.
 * @param options.seedDir the simulator's seed folder.
 * @param options.temporalConfig settings of Temporal's server: `key=value`.
 * @param options.graph replaces the port of the activities to Graph.
 */
export async function startKernel(
  options: {
    workers?: boolean;
    seedDir?: string;
    temporalConfig?: readonly string[];
    graph?: (config: GraphConfig) => Graph;
  } = {},
): Promise<Kernel> {
  quietRuntime();
  const [database, temporal, simulator] = await Promise.all([
    createTestDatabase(),
    startTemporal({
      cli: process.env['TEMPORAL_CLI'] ?? '',
      port: 0,
      uiPort: 0,
      moreConfig: options.temporalConfig ?? [],
      logFile: join(process.env['TEST_FOLDER'] ?? '', `temporal-${randomUUID()}.log`),
    }),
    startSimulator({
      ...{ port: 0, clientId: 'tenantry', clientSecret: 'kernel-test-secret' },
      seedDir: options.seedDir,
    }),
  ]);
  // Conditional access takes one call a second; only the tests of the budget need this limit.
  await simulate(simulator.url, 'PUT', '/throttle', { conditionalAccess: 1_000 });
  const link = connectTo(temporal.address);
  const { client } = link;
  const native = await NativeConnection.connect({ address: temporal.address });
  const settle = settleWindow(settleSeconds);
  const graphConfig = {
    baseUrl: simulator.url,
    authority: simulator.url,
    clientId: 'tenantry',
    credential: { kind: 'secret', clientSecret: 'kernel-test-secret' },
    writeTimeoutMs: settle.writeTimeoutMs,
  } as const;
  const activities = createActivities(
    {
      db: database.app.db,
      cipher: testCipher,
      graph: (options.graph ?? createGraph)(graphConfig),
      temporal: link,
      runs: createRunStarter({ db: database.app.db, temporal: link, log: silentLog }),
      schedules: createBackupSchedules(link),
      settle,
    },
    { writers: createGraphWriters(graphConfig) },
  );
  const started: { worker: Worker; running: Promise<void> }[] = [];
  const startWorkers: Kernel['startWorkers'] = async (bundle = testBundle(), version = {}) => {
    const workers = await createWorkers({
      connection: native,
      config: { ...workerConfig, ...version },
      activities,
      bundle,
    });
    started.push(...workers.map((worker) => ({ worker, running: worker.run() })));
    return workers;
  };
  if (options.workers !== false) await startWorkers();
  return {
    database,
    client,
    temporal,
    simulatorUrl: simulator.url,
    runs: createRunStarter({ db: database.app.db, temporal: link, log: silentLog }),
    startWorkers,
    stop: async () => {
      for (const { worker } of started) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.all(started.map(({ running }) => running));
      await native.close();
      await client.connection.close();
      await temporal.stop();
      await simulator.close();
      await database.drop();
    },
  };
}

export const initiator = {
  id: '6f1c2a52-0b77-4b0e-9a43-5d1f3a7c0001:6f1c2a52-0b77-4b0e-9a43-5d1f3a7c00aa',
  displayName: 'Test Admin',
};

/** Registers a tenant; an inventory sync or {@link addPolicy} fills it. */
export async function registerTenant(database: TestDatabase, tenantId: string): Promise<void> {
  await inTenant(database.app.db, tenantId, (trx) =>
    insertTenant(trx, { displayName: 'Tenant', createdBy: initiator.id }),
  );
}

/** Adds a policy to the inventory like a sync, and returns its id. */
export async function addPolicy(
  database: TestDatabase,
  tenantId: string,
  policy: { type: string; graphId: string; displayName?: string },
): Promise<string> {
  return inTenant(database.app.db, tenantId, async (trx) => {
    await upsertSeenPolicies(trx, policy.type, [
      {
        graphId: policy.graphId,
        displayName: policy.displayName ?? 'A policy',
        platform: null,
        lastModifiedAt: null,
      },
    ]);
    const row = await trx
      .selectFrom('policies')
      .select('id')
      .where('graph_id', '=', policy.graphId)
      .where('policy_type', '=', policy.type)
      .executeTakeFirstOrThrow();
    return row.id;
  });
}

/** Calls the simulator's control surface; throws unless the status is 2xx. */
export async function simulate(
  simulatorUrl: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const response = await fetch(`${simulatorUrl}/_sim${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} /_sim${path}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
