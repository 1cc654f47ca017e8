import { usesOwnSimulator } from './child-environment.ts';
import { lockHome } from './home-lock.ts';
import { createLauncher, type Launcher } from './launcher.ts';
import { startNodePart } from './node-part.ts';
import { endOrphans, openProcessRecord } from './orphans.ts';
import type { Part } from './part.ts';
import { freePorts, resolvePorts, type StackPorts } from './ports.ts';
import { withProgress, type Log } from './progress.ts';
import { registerSampleTenants } from './sample-tenants.ts';
import type { DirectoryTenant } from './simulator-directory.ts';
import {
  partNames,
  removeStackFile,
  writeStackFile,
  type PartName,
  type StackFile,
} from './stack-file.ts';
import { openStackHome, type StackHome } from './stack-home.ts';
import { nodeProgram, startParts, type StartedParts } from './start-parts.ts';
import { unlessAborted } from './unless-aborted.ts';

/** The options of a stack. Only `home` is required; tests, demo and tools use the others. */
export interface StackOptions {
  /** The absolute path of the folder for all state. */
  home: string;
  /** Free ports by default. */
  ports?: StackPorts;
  /**
   * The environment of the children, before the stack's own settings; that of this process by
   * default.
   */
  env?: NodeJS.ProcessEnv;
  /** All parts by default. */
  parts?: readonly PartName[];
  log?: Log;
  /** Aborts when the start must be given up. */
  signal?: AbortSignal;
}

/**
 * A running stack: the content of `stack.json`, and the means to end the stack and its children.
 */
export interface Stack extends StackFile {
  home: string;
  /** The simulator's tenants and users; empty with a Graph of the user's own. */
  directory: DirectoryTenant[];
  /** Warnings for the caller. */
  notes: string[];
  /** The environment of API and worker. */
  env: NodeJS.ProcessEnv;
  /** Sends a signal to a child. If the child dies of it, the stack restarts it. */
  kill(name: PartName, signal: NodeJS.Signals): void;
  /** Ends a child in good order and restarts it. */
  restart(name: PartName): Promise<void>;
  /** Starts another API on a free port, without restarts. It ends with the stack. */
  spawnApi(env?: NodeJS.ProcessEnv): Promise<Part>;
  /** Starts another worker, without restarts. It ends with the stack. */
  spawnWorker(env?: NodeJS.ProcessEnv): Promise<Part>;
  /** Ends every child in order and removes `stack.json`. */
  stop(): Promise<void>;
}

/**
 * Starts the whole product on embedded parts and keeps it running. First ends the processes of a
 * killed predecessor on the same folder, and uses its state. Throws HomeInUseError while another
 * process runs on the folder. If a part does not start, ends all parts and throws its error.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { env = process.env, log = () => undefined } = options;
  const home = openStackHome(options.home);
  const unlock = lockHome(home);
  let publish = () => undefined as void;
  const record = openProcessRecord(home.processFile);
  const launcher = createLauncher(record, log, () => publish());
  async function stop(): Promise<void> {
    await launcher.stopAll();
    removeStackFile(home.stackFile);
    unlock();
  }
  try {
    await endPredecessor(home, log);
    const ports = await resolvePorts(options.ports ?? freePorts);
    const parts = new Set(options.parts ?? partNames);
    const plan = { home, ports, env, parts, launcher, log };
    const started = await unlessAborted(startParts(plan), options.signal);
    const notes = await register(started, env, log);
    publish = () => writeStackFile(home.stackFile, { ...started.addresses, pids: launcher.pids() });
    publish();
    return stackOf(home, started, { launcher, notes, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

async function endPredecessor(home: StackHome, log: Log): Promise<void> {
  removeStackFile(home.stackFile);
  const ending = endOrphans(home.processFile);
  const ended = await withProgress('ending what a killed stack left behind', ending, log);
  if (ended.length > 0) log(`ended what a killed stack left behind: ${ended.join(', ')}`);
}

async function register(
  { addresses, directory, productEnv }: StartedParts,
  env: NodeJS.ProcessEnv,
  log: Log,
): Promise<string[]> {
  const { apiUrl, simulatorUrl } = addresses;
  if (apiUrl === '' || simulatorUrl === '' || !usesOwnSimulator(env)) return [];
  const homeTenantId = (productEnv['ENTRA_HOME_TENANT_ID'] ?? '').toLowerCase();
  const surroundings = { apiUrl, simulatorUrl, homeTenantId, env };
  return withProgress('sample tenants', registerSampleTenants(directory, surroundings), log);
}

function stackOf(
  home: StackHome,
  { addresses, directory, productEnv }: StartedParts,
  running: { launcher: Launcher; notes: string[]; stop(): Promise<void> },
): Stack {
  const { launcher, notes, stop } = running;
  let extras = 1;
  function spawnExtra(command: 'api' | 'worker', env: NodeJS.ProcessEnv): Promise<Part> {
    extras += 1;
    const script = ['src/main.ts', command] as const;
    const program = nodeProgram(home, `${command}-${extras}`, script, { ...productEnv, ...env });
    return launcher.startExtra((start) => startNodePart(program, start));
  }
  return {
    ...addresses,
    get pids() {
      return launcher.pids();
    },
    home: home.folder,
    ...{ directory, notes, env: productEnv, stop },
    kill: (name, signal) => launcher.part(name).kill(signal),
    restart: (name) => launcher.part(name).restart(),
    spawnApi: (env = {}) => spawnExtra('api', { PORT: '0', ...env }),
    spawnWorker: (env = {}) => spawnExtra('worker', env),
  };
}
