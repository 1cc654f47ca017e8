import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openDatabase } from '#db/database.ts';
import { migrateToLatest } from '#db/migrations/migrate.ts';
import { startPostgres } from '#stack/postgres.ts';
import { findTemporalCli } from '#stack/temporal-cli.ts';
import { bundleWorkflows } from '#temporal/workflow-bundle.ts';

const templateDatabase = 'tenantry_template';

/**
 * Starts one PostgreSQL for the jest run, with a migrated template database for every test file to clone, and finds
 * (or builds) the Temporal CLI before any test's clock runs. The file is .mts because jest loads a .ts of its
 * configuration as CommonJS, in which packages of the migrations do not load.
 */
export default async function setup(): Promise<void> {
  process.env['TEMPORAL_CLI'] = await findTemporalCli({
    onProgress: (line: string) => process.stderr.write(`${line}\n`),
  });
  const folder = await mkdtemp(join(tmpdir(), `tenantry-test-${randomUUID().slice(0, 8)}-`));
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), port: 0 });
  const admin = new pg.Client({ connectionString: postgres.url });
  await admin.connect();
  await admin.query(`create database ${templateDatabase}`);
  await admin.end();
  const url = new URL(postgres.url);
  url.pathname = `/${templateDatabase}`;
  await using template = openDatabase({
    url: url.href,
    role: null,
    poolSize: 1,
    onError: () => undefined,
  });
  await migrateToLatest(template.db);
  const bundlePath = join(folder, 'workflows.js');
  await writeFile(bundlePath, (await bundleWorkflows()).code);
  process.env['TEST_WORKFLOW_BUNDLE'] = bundlePath;
  process.env['TEST_FOLDER'] = folder;
  process.env['TEST_POSTGRES_URL'] = postgres.url;
  Object.assign(globalThis, {
    stopTestParts: async () => {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  });
}
