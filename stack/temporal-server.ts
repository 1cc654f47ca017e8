import { describeExit, spawnChild, type Child } from './child.ts';
import { findFreePort } from './free-port.ts';
import { partOf, type Part } from './part.ts';
import { pollUntil } from './poll-until.ts';

/** The dev server of the Temporal CLI at `cli`. Ports of 0 pick free ones. */
export interface TemporalOptions {
  cli: string;
  port: number;
  uiPort: number;
  logFile: string;
  /** The file of the histories; without it they end with the server. */
  dbFile?: string;
  /** Settings of the server beside the product's own: `key=value`. */
  moreConfig?: readonly string[];
  /** Receives the process as soon as it exists, to record it before it is ready. */
  onSpawn?: (child: Child) => void;
  /** Aborts when the server must end, ready or not. */
  signal?: AbortSignal;
}

/** A ready Temporal server. */
export interface RunningTemporal extends Part {
  address: string;
  uiUrl: string;
  namespace: string;
  port: number;
  uiPort: number;
}

/** The namespace of the stack. */
export const temporalNamespace = 'default';

/** The search attributes of every run's workflow, all of type Keyword. */
export const searchAttributes = ['TenantId', 'OperationType', 'RunId', 'Initiator'];

/**
 * Task queue fairness: without it, a small tenant waits behind the whole backlog of a large one.
 * Temporal has a search attribute `RunId` of its own, and refuses a workflow that sets it unless
 * this setting permits it. Queries by `RunId` still find Temporal's run id.
 */
export const dynamicConfig = [
  'matching.useNewMatcher=true',
  'matching.enableFairness=true',
  'system.suppressErrorSetSystemSearchAttribute=true',
];

/** Usually a second; the first start on a machine that is busy with a build takes longer. */
const readyTimeoutMs = 60_000;
const probeTimeoutMs = 2_000;

/**
 * Starts the dev server on 127.0.0.1 and waits until the namespace answers and has its search
 * attributes. Throws with the last lines of the log after 60 s.
 */
export async function startTemporal(options: TemporalOptions): Promise<RunningTemporal> {
  const port = options.port === 0 ? await findFreePort() : options.port;
  const uiPort = options.uiPort === 0 ? await findFreePort() : options.uiPort;
  const child = await spawnChild({
    name: 'temporal',
    command: options.cli,
    args: temporalArguments(port, uiPort, options),
    env: withoutTemporalSettings(process.env),
    logFile: options.logFile,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  options.onSpawn?.(child);
  const uiUrl = `http://127.0.0.1:${uiPort}`;
  const decided = async () => child.hasExited() || (await isReady(uiUrl));
  const inTime = await pollUntil(decided, readyTimeoutMs);
  if (child.hasExited() || !inTime) {
    await child.stop();
    throw new Error(describeExit(child, await child.exited));
  }
  const address = `127.0.0.1:${port}`;
  return { ...partOf(child, uiUrl), address, uiUrl, namespace: temporalNamespace, port, uiPort };
}

/**
 * A write-ahead log without a sync at each commit: 4 to 7 times the throughput (measured), and a
 * killed process still loses nothing. A loss of power may lose the last moments; production runs a
 * cluster.
 */
const sqlitePragmas = ['journal_mode=wal', 'synchronous=normal'].flatMap((pragma) => [
  '--sqlite-pragma',
  pragma,
]);

function temporalArguments(
  port: number,
  uiPort: number,
  { dbFile, moreConfig = [] }: TemporalOptions,
): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--log-level', 'warn'],
    ...['--port', String(port), '--ui-port', String(uiPort)],
    ...['--namespace', temporalNamespace],
    ...(dbFile === undefined ? [] : ['--db-filename', dbFile, ...sqlitePragmas]),
    ...searchAttributes.flatMap((name) => ['--search-attribute', `${name}=Keyword`]),
    ...[...dynamicConfig, ...moreConfig].flatMap((setting) => ['--dynamic-config-value', setting]),
  ];
}

/** The CLI reads connection settings from TEMPORAL_*; the user's are for another server. */
function withoutTemporalSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

/** The Web UI forwards this request to the frontend, so one answer covers both. */
async function isReady(uiUrl: string): Promise<boolean> {
  try {
    const response = await fetch(
      `${uiUrl}/api/v1/namespaces/${temporalNamespace}/search-attributes`,
      { signal: AbortSignal.timeout(probeTimeoutMs) },
    );
    if (!response.ok) return false;
    const { customAttributes = {} } = (await response.json()) as {
      customAttributes?: Record<string, string>;
    };
    return searchAttributes.every((name) => name in customAttributes);
  } catch {
    return false;
  }
}
