import { createApp } from '#api/app.ts';
import { listen } from '#api/server.ts';
import { readConfig } from '#config.ts';
import { openDatabase } from '#db/database.ts';
import { assertSchemaCurrent } from '#db/migrations/migrate.ts';
import { createSnapshotCipher } from '#db/snapshot/snapshot-cipher.ts';
import { createGroupSearch } from '#graph/directory/delegated-search.ts';
import { createLogger } from '#logger.ts';
import { createTemporal } from '#temporal/connect.ts';
import { createRunStarter } from '#temporal/run/run-starter.ts';
import { createBackupSchedules } from '#temporal/schedule/backup-schedules.ts';
import { graphConfig } from './graph-config.ts';
import { announceReady, untilAskedToStop } from './process-life.ts';

/** The limit of the question to Temporal in `/readyz`. */
const temporalCheckDeadlineMs = 2_000;

/** `npm run api`: serves the HTTP API until a signal ends it. */
export async function api(env: NodeJS.ProcessEnv): Promise<void> {
  const { config, secrets } = readConfig(env);
  const log = createLogger({ level: config.LOG_LEVEL, name: 'api' });
  const stopped = untilAskedToStop(log);
  await using database = openDatabase({
    url: secrets.databaseUrl,
    role: 'tenantry_app',
    poolSize: config.POSTGRES_POOL_SIZE,
    onError: (err) => log.warn({ err }, 'database connection broke'),
  });
  await assertSchemaCurrent(database.db);
  const temporal = createTemporal(env, config);
  const app = createApp({
    db: database.db,
    cipher: createSnapshotCipher(secrets.snapshotKeys),
    runs: createRunStarter({ db: database.db, temporal, log }),
    schedules: createBackupSchedules(temporal),
    groupSearch: createGroupSearch(graphConfig(config, secrets)),
    config,
    log,
    checkTemporal: async () => {
      await temporal.client.withDeadline(Date.now() + temporalCheckDeadlineMs, () =>
        temporal.client.workflowService.getSystemInfo({}),
      );
    },
  });
  const server = await listen(app, { host: config.HOST, port: config.PORT });
  log.info({ url: server.url }, 'listening');
  announceReady({ url: server.url });
  await stopped;
  await server.close();
  await temporal.client.connection.close();
  log.info('stopped');
}
