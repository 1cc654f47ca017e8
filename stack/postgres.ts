import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { describeExit, spawnChild, type Child } from './child.ts';
import { findFreePort } from './free-port.ts';
import { partOf, type Part } from './part.ts';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { ensureCluster, postgresUser } from './postgres-cluster.ts';
import { dataFolderArgument, removeStaleLock } from './postgres-data-folder.ts';
import { unprivilegedUser, type SystemUser } from './unprivileged-user.ts';

/** The data folder and the port of a PostgreSQL; port 0 picks a free one. */
export interface PostgresOptions {
  dataDir: string;
  port: number;
  /** `<dataDir>.log` by default. */
  logFile?: string;
  /** Receives the process as soon as it exists, to record it before it is ready. */
  onSpawn?: (child: Child) => void;
  /** Aborts when the server must end, ready or not. */
  signal?: AbortSignal;
}

/** A PostgreSQL that accepts connections. `url` is the superuser's, for the database `postgres`. */
export interface RunningPostgres extends Part {
  url: string;
  port: number;
}

/** Recovery after a kill under load took up to 1.2 s; a slow disk may need much more. */
const readyTimeoutMs = 60_000;
const retryPauseMs = 100;

/** API, worker and tests each bring a pool; the processes of a fault test soon use up 100. */
const maxConnections = 200;

/**
 * Starts PostgreSQL on 127.0.0.1, as root or not, and first creates its cluster if `dataDir` holds
 * none. Retries for 60 s, because the lock of a killed predecessor lingers for a moment, then
 * throws with the last lines of the log.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const user = unprivilegedUser();
  const binaries = await findPostgresBinaries(user);
  const password = await ensureCluster(options.dataDir, binaries, user);
  const port = options.port === 0 ? await findFreePort() : options.port;
  const url = `postgres://${postgresUser}:${password}@127.0.0.1:${port}/postgres`;
  const deadline = performance.now() + readyTimeoutMs;
  for (;;) {
    removeStaleLock(options.dataDir);
    const child = await spawnServer({ ...options, port }, binaries, user);
    options.onSpawn?.(child);
    if (await becomesReady(child, url, deadline)) {
      return { ...partOf(child), url, port };
    }
    await child.stop();
    options.signal?.throwIfAborted();
    if (performance.now() > deadline) throw new Error(describeExit(child, await child.exited));
    await sleep(retryPauseMs);
  }
}

function spawnServer(
  { dataDir, port, logFile, signal }: PostgresOptions,
  { postgres }: PostgresBinaries,
  user: SystemUser | undefined,
): Promise<Child> {
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    `max_connections=${maxConnections}`,
    'timezone=UTC',
    'log_timezone=UTC',
    'cluster_name=tenantry',
  ];
  return spawnChild({
    name: 'postgres',
    command: postgres,
    args: ['-D', dataFolderArgument(dataDir, user), ...settings.flatMap((s) => ['-c', s])],
    env: process.env,
    cwd: dataDir,
    logFile: logFile ?? `${dataDir}.log`,
    // A fast shutdown: SIGTERM would wait for every client to leave.
    stopSignal: 'SIGINT',
    ...(signal === undefined ? {} : { signal }),
    ...user,
  });
}

async function becomesReady(child: Child, url: string, deadline: number): Promise<boolean> {
  while (!child.hasExited() && performance.now() < deadline) {
    if (await answers(url)) return !child.hasExited();
    await sleep(retryPauseMs);
  }
  return false;
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
