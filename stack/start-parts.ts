import {
  commonEnvironment,
  productEnvironment,
  simulatorEnvironment,
  usesOwnSimulator,
} from './child-environment.ts';
import { ensureDatabase } from './ensure-database.ts';
import type { Launcher } from './launcher.ts';
import { runNodeProgram, startNodePart, type NodeProgram } from './node-part.ts';
import type { StackPorts } from './ports.ts';
import { startPostgres } from './postgres.ts';
import { withProgress, type Log } from './progress.ts';
import { readDirectory, type DirectoryTenant } from './simulator-directory.ts';
import type { PartName, StackFile } from './stack-file.ts';
import { logFileOf, type StackHome } from './stack-home.ts';
import { findTemporalCli } from './temporal-cli.ts';
import { startTemporal, temporalNamespace } from './temporal-server.ts';

/** The options of all parts. Ports are resolved. */
export interface StackPlan {
  home: StackHome;
  ports: StackPorts;
  env: NodeJS.ProcessEnv;
  /** The parts to start; a test may leave some out. */
  parts: ReadonlySet<PartName>;
  launcher: Launcher;
  log: Log;
}

/** The result once every part runs. */
export interface StartedParts {
  addresses: Omit<StackFile, 'pids'>;
  directory: DirectoryTenant[];
  /** The environment of API and worker. */
  productEnv: NodeJS.ProcessEnv;
}

/**
 * Starts the parts: database with its schema, Temporal and simulator in parallel, then worker and
 * API, which need all three. Rejects with the first failure, while the others still run.
 */
export async function startParts(plan: StackPlan): Promise<StartedParts> {
  const [databaseUrl, temporal, simulator] = await Promise.all([
    withProgress('PostgreSQL and its schema', startDatabase(plan), plan.log),
    withProgress('Temporal', startTemporalPart(plan), plan.log),
    withProgress('Graph simulator', startSimulator(plan), plan.log),
  ]);
  const shared = {
    databaseUrl,
    temporalAddress: temporal.address,
    temporalNamespace,
    temporalUiUrl: temporal.uiUrl,
    simulatorUrl: simulator.url,
  };
  const sampleHome = simulator.directory.find(({ home }) => home);
  const publicUrl = `http://127.0.0.1:${plan.ports.api}`;
  const productEnv = productEnvironment(plan.env, { ...shared, publicUrl }, sampleHome?.tenantId);
  const [apiUrl] = await Promise.all([
    withProgress('API', startApi(plan, productEnv), plan.log),
    withProgress('worker', startWorker(plan, productEnv), plan.log),
  ]);
  const consoleUrl = apiUrl === '' ? '' : `${apiUrl}/`;
  const addresses = { apiUrl, consoleUrl, ...shared, temporalCli: temporal.cli };
  return { addresses, directory: simulator.directory, productEnv };
}

/** A program of this repository, with a log file of the same name. */
export function nodeProgram(
  home: StackHome,
  name: string,
  command: readonly [script: string, ...args: string[]],
  env: NodeJS.ProcessEnv,
): NodeProgram {
  const [script, ...args] = command;
  return { name, script, args, env, logFile: logFileOf(home, name) };
}

async function startDatabase({ home, ports, env, parts, launcher }: StackPlan): Promise<string> {
  if (!parts.has('postgres')) return '';
  const postgres = await launcher.launch('postgres', (start) =>
    startPostgres({
      dataDir: home.postgresData,
      port: ports.postgres,
      logFile: logFileOf(home, 'postgres'),
      ...start,
    }),
  );
  const databaseUrl = await ensureDatabase(postgres.url ?? '');
  const migrateEnv = { ...commonEnvironment(env), DATABASE_URL: databaseUrl };
  const migrate = nodeProgram(home, 'migrate', ['src/main.ts', 'migrate'], migrateEnv);
  if (parts.has('api') || parts.has('worker')) {
    await launcher.startExtra((start) => runNodeProgram(migrate, start));
  }
  return databaseUrl;
}

async function startTemporalPart({ home, ports, env, parts, launcher, log }: StackPlan) {
  if (!parts.has('temporal')) return { address: '', uiUrl: '', cli: '' };
  const cli = await findTemporalCli({ env, onProgress: log });
  const temporal = await launcher.launch('temporal', (start) =>
    startTemporal({
      cli,
      port: ports.temporal,
      uiPort: ports.temporalUi,
      dbFile: home.temporalDatabase,
      logFile: logFileOf(home, 'temporal'),
      ...start,
    }),
  );
  return { address: `127.0.0.1:${ports.temporal}`, uiUrl: temporal.url ?? '', cli };
}

async function startSimulator({ home, ports, env, parts, launcher }: StackPlan) {
  if (!parts.has('simulator')) return { url: '', directory: [] };
  const settings = { port: ports.simulator, dataDir: home.simulatorData };
  const simulatorEnv = simulatorEnvironment(env, settings);
  const program = nodeProgram(home, 'simulator', ['simulator/main.ts'], simulatorEnv);
  const simulator = await launcher.launch('simulator', (start) => startNodePart(program, start));
  const url = urlOf(simulator, 'simulator');
  // Without a Graph of the user's own, the sample directory has the home tenant.
  return { url, directory: usesOwnSimulator(env) ? await readDirectory(url) : [] };
}

async function startApi(plan: StackPlan, productEnv: NodeJS.ProcessEnv): Promise<string> {
  const { home, ports, parts, launcher } = plan;
  if (!parts.has('api')) return '';
  const env = { ...productEnv, PORT: String(ports.api) };
  const program = nodeProgram(home, 'api', ['src/main.ts', 'api'], env);
  return urlOf(await launcher.launch('api', (start) => startNodePart(program, start)), 'api');
}

async function startWorker(plan: StackPlan, productEnv: NodeJS.ProcessEnv): Promise<void> {
  const { home, parts, launcher } = plan;
  if (!parts.has('worker')) return;
  const program = nodeProgram(home, 'worker', ['src/main.ts', 'worker'], productEnv);
  await launcher.launch('worker', (start) => startNodePart(program, start));
}

/** The address of a ready part from this machine, even if the part listens on every address. */
function urlOf(part: { url?: string }, name: string): string {
  if (part.url === undefined) throw new Error(`${name} is ready, but does not say where`);
  const { protocol, hostname, port, host } = new URL(part.url);
  const isEveryAddress = hostname === '0.0.0.0' || hostname === '[::]';
  return `${protocol}//${isEveryAddress ? `127.0.0.1:${port}` : host}`;
}
