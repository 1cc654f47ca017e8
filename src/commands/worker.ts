import { randomUUID } from 'node:crypto';
import { DefaultLogger, type LogEntry, Runtime } from '@temporalio/worker';
import { createActivities } from '../activities/create-activities.ts';
import { readConfig, type Config, type Secrets } from '../config.ts';
import { openDatabase } from '../db/database.ts';
import { assertSchemaCurrent } from '../db/migrate.ts';
import { createSnapshotCipher } from '../db/snapshot-cipher.ts';
import { budgetLimits } from '../graph/budget-limits.ts';
import { createGraph } from '../graph/client.ts';
import type { GraphConfig } from '../graph/graph-config.ts';
import { createLogger, type Logger } from '../logger.ts';
import { createBackupSchedules } from '../temporal/backup-schedules.ts';
import { connectWorker, createTemporal } from '../temporal/connect.ts';
import { ensureMaintenanceSchedules } from '../temporal/maintenance-schedules.ts';
import { ensureReconcilerSchedule } from '../temporal/reconciler-schedule.ts';
import { createRunStarter } from '../temporal/run-starter.ts';
import { createWorkers } from '../temporal/worker.ts';
import { loadWorkflowBundle } from '../temporal/workflow-bundle.ts';
import { createGraphBudget } from './graph-budget.ts';
import { announceReady, untilAskedToStop } from './process-life.ts';

/** `npm run worker`: workflows and activities, until the process is asked to end. */
export async function worker(env: NodeJS.ProcessEnv): Promise<void> {
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
    loadWorkflowBundle(env),
  ]);
  const temporal = createTemporal(env, config);
  const activities = createActivities({
    runs: createRunStarter({ db: database.db, temporal, log }),
    schedules: createBackupSchedules(temporal),
    db: database.db,
    cipher: createSnapshotCipher(secrets.snapshotKeys),
    graph: createGraph(graphConfig(config, secrets), {
      budget: createGraphBudget({
        db: database.db,
        worker: randomUUID(),
        limits: budgetLimits(config.GRAPH_BUDGET_SHARE),
        slowStart: config.GRAPH_SLOW_START,
      }),
    }),
    temporal,
  });
  const workers = await createWorkers({ connection, config, activities, bundle });
  const running = Promise.all(workers.map((each) => each.run()));
  await ensureReconcilerSchedule(temporal.client, config.RECONCILE_INTERVAL_SECONDS);
  await ensureMaintenanceSchedules(temporal.client, {
    maintainMinutes: config.MAINTAIN_INTERVAL_MINUTES,
    verifyHours: config.VERIFY_INTERVAL_HOURS,
  });
  log.info('polling');
  announceReady();
  await Promise.race([stopped, running]);
  for (const each of workers) if (each.getState() === 'RUNNING') each.shutdown();
  await running;
  await connection.close();
  await temporal.client.connection.close();
  log.info('stopped');
}

function graphConfig(config: Config, secrets: Secrets): GraphConfig {
  const { clientSecret, clientCertificatePem } = secrets;
  return {
    baseUrl: config.GRAPH_BASE_URL,
    authority: config.ENTRA_AUTHORITY,
    clientId: config.ENTRA_CLIENT_ID,
    callsInFlightMax: config.GRAPH_MAX_CALLS_IN_FLIGHT,
    credential:
      clientCertificatePem === null
        ? { kind: 'secret', clientSecret: clientSecret ?? '' }
        : { kind: 'certificate', certificatePem: clientCertificatePem },
  };
}

/** Temporal's own lines and those of activities and workflows, into the process's log and its redaction. */
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
