import { readDatabaseUrl } from '#config.ts';
import { openDatabase } from '#db/database.ts';
import { migrateToLatest } from '#db/migrations/migrate.ts';
import { createLogger } from '#logger.ts';

/** `npm run migrate`: migrates the database to the schema of this code, as the owner. */
export async function migrate(env: NodeJS.ProcessEnv): Promise<void> {
  const log = createLogger({ level: env['LOG_LEVEL'] || 'info', name: 'migrate' });
  await using database = openDatabase({
    url: readDatabaseUrl(env),
    role: null,
    poolSize: 1,
    onError: (err) => log.warn({ err }, 'database connection broke'),
  });
  const applied = await migrateToLatest(database.db);
  log.info({ applied }, applied.length === 0 ? 'the schema is current' : 'the schema was migrated');
}
