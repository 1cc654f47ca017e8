import { randomUUID } from 'node:crypto';
import { DefaultLogger, type LogEntry, Runtime } from '@temporalio/worker';
import { createActivities } from '#activities/create-activities.ts';
import type { ReachFailpoint } from '#activities/restore/apply/failpoint.ts';
import { settleWindow } from '#activities/runtime/settle-window.ts';
import { readConfig } from '#config.ts';
import { createGraphBudget } from '#db/budget/graph-budget.ts';
import { openDatabase } from '#db/database.ts';
import { assertSchemaCurrent } from '#db/migrations/migrate.ts';
import { createSnapshotCipher } from '#db/snapshot/snapshot-cipher.ts';
import { budgetLimits } from '#graph/budget/budget-limits.ts';
import { createGraph } from '#graph/client.ts';
import { createGraphWriters } from '#graph/graph-writers.ts';
import { createLogger, type Logger } from '#logger.ts';
import { connectWorker, createTemporal } from '#temporal/connect.ts';
import { keepReconciler } from '#temporal/run/keep-reconciler.ts';
import { createRunStarter } from '#temporal/run/run-starter.ts';
import { createBackupSchedules } from '#temporal/schedule/backup-schedules.ts';
import { ensureMaintenanceSchedules } from '#temporal/schedule/maintenance-schedules.ts';
import { createWorkers } from '#temporal/worker.ts';
import { loadWorkflowBundle } from '#temporal/workflow-bundle.ts';
import { graphConfig } from './graph-config.ts';
import { announceReady, untilAskedToStop } from './process-life.ts';

/** For tests that start many workers and crash them. No environment variable sets these. */
interface Testing {
  /** Called at the failpoints of an item; a test may end the process there. */
  readonly reached?: ReachFailpoint;
  /** A workflow bundle for many processes; without it, each process bundles for itself. */
  readonly bundle?: { readonly codePath: string };
}

/** `npm run worker`: runs workflows and activities until a signal ends it. */
export async function worker(
  env: NodeJS.ProcessEnv,
  { reached, bundle: built }: Testing = {},
): Promise<void> {
  const { config, secrets } = readConfig(env);
  const log = createLogger({ level: config.LOG_LEVEL, name: 'worker' });
  const stopped = untilAskedToStop(log);
  Runtime.install({ logger: temporalLogger(log), shutdownSignals: [] });
  await using database = openDatabase({
    url: secrets.databaseUrl,
    role: 'tenantry_app',
    poolSize: config.POSTGRES_POOL_SIZE,
    onError: (err) => log.warn({ err }, 'database connection broke'),
  });
  await assertSchemaCurrent(database.db);
  const [connection, bundle] = await Promise.all([
    connectWorker(env, config),
    built ?? loadWorkflowBundle(env),
  ]);
  const temporal = createTemporal(env, config);
  const settle = settleWindow(config.SETTLE_SECONDS);
  const graphParts = {
    budget: createGraphBudget({
      db: database.db,
      worker: randomUUID(),
      limits: budgetLimits(config.GRAPH_BUDGET_SHARE),
      slowStart: config.GRAPH_SLOW_START,
    }),
  };
  const graphSettings = { ...graphConfig(config, secrets), writeTimeoutMs: settle.writeTimeoutMs };
  const activities = createActivities(
    {
      runs: createRunStarter({ db: database.db, temporal, log }),
      schedules: createBackupSchedules(temporal),
      db: database.db,
      cipher: createSnapshotCipher(secrets.snapshotKeys),
      graph: createGraph(graphSettings, graphParts),
      temporal,
      settle,
    },
    {
      writers: createGraphWriters(graphSettings, graphParts),
      ...(reached === undefined ? {} : { reached }),
    },
  );
  const workers = await createWorkers({ connection, config, activities, bundle });
  const running = Promise.all(workers.map((each) => each.run()));
  const intervalMs = config.RECONCILE_INTERVAL_SECONDS * 1_000;
  const reconciler = await keepReconciler(temporal.client, intervalMs, log);
  await ensureMaintenanceSchedules(temporal.client, {
    maintainMinutes: config.MAINTAIN_INTERVAL_MINUTES,
    verifyHours: config.VERIFY_INTERVAL_HOURS,
  });
  log.info('polling');
  announceReady();
  await Promise.race([stopped, running]);
  clearInterval(reconciler);
  for (const each of workers) if (each.getState() === 'RUNNING') each.shutdown();
  await running;
  await connection.close();
  await temporal.client.connection.close();
  log.info('stopped');
}

/** Sends the log lines of Temporal, activities and workflows through the log of the process and its redaction. */
function temporalLogger(log: Logger): DefaultLogger {
  const levels = {
    TRACE: 'trace',
    DEBUG: 'debug',
    INFO: 'info',
    WARN: 'warn',
    ERROR: 'error',
  } as const;
  return new DefaultLogger('DEBUG', ({ level, message, meta }: LogEntry) => {
    const { error, err, ...facts } = (meta ?? {}) as Record<string, unknown>;
    const cause = err ?? error;
    log[levels[level]]({ ...facts, ...(cause === undefined ? {} : { err: cause }) }, message);
  });
}
