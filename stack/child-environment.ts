import { isAbsolute, resolve } from 'node:path';

/** Settings that the children of a stack share. */
export interface StackAddresses {
  databaseUrl: string;
  temporalAddress: string;
  temporalNamespace: string;
  temporalUiUrl: string;
  simulatorUrl: string;
  /** The future address of the API; links to the console start with it. */
  publicUrl: string;
}

/** The application of the simulator's directory; the environment names a real one. */
const sampleClientId = 'a7f5c1d2-6b3e-4f08-9c47-2d1e8b90f6a3';
const sampleClientSecret = 'known-to-the-embedded-simulator-only';

const defaultAudience = 'api://tenantry';

/** Short, so that a demo does not wait; a real Graph may commit a write later than this. */
const embeddedSettleSeconds = '5';

/** The settings that all children share: the environment, with defaults for unset variables. */
export function commonEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...withoutTemporalSettings(env),
    ENTRA_CLIENT_ID: env['ENTRA_CLIENT_ID'] || sampleClientId,
    ENTRA_CLIENT_SECRET: env['ENTRA_CLIENT_SECRET'] || sampleClientSecret,
    API_AUDIENCE: env['API_AUDIENCE'] || defaultAudience,
    SETTLE_SECONDS: env['SETTLE_SECONDS'] || embeddedSettleSeconds,
  };
}

/** The settings of the simulator. `port` is resolved, `dataDir` is absolute. */
export function simulatorEnvironment(
  env: NodeJS.ProcessEnv,
  { port, dataDir }: { port: number; dataDir: string },
): NodeJS.ProcessEnv {
  const seed = env['SIMULATOR_SEED_DIR'];
  return {
    ...commonEnvironment(env),
    // HOST is the address of the API. The simulator gives out passwords, so it stays on this
    // machine.
    HOST: '127.0.0.1',
    SIMULATOR_PORT: String(port),
    SIMULATOR_DATA_DIR: dataDir,
    // Children run in the checkout, but a relative path of the user starts at the user's folder.
    ...(seed ? { SIMULATOR_SEED_DIR: isAbsolute(seed) ? seed : resolve(seed) } : {}),
  };
}

/** The settings of API and worker. They keep the user's own Graph or authority. */
export function productEnvironment(
  env: NodeJS.ProcessEnv,
  addresses: StackAddresses,
  sampleHomeTenantId: string | undefined,
): NodeJS.ProcessEnv {
  const homeTenantId = env['ENTRA_HOME_TENANT_ID'] || sampleHomeTenantId;
  return {
    ...commonEnvironment(env),
    DATABASE_URL: addresses.databaseUrl,
    TEMPORAL_ADDRESS: addresses.temporalAddress,
    TEMPORAL_NAMESPACE: addresses.temporalNamespace,
    TEMPORAL_UI_URL: addresses.temporalUiUrl,
    GRAPH_BASE_URL: env['GRAPH_BASE_URL'] || addresses.simulatorUrl,
    ENTRA_AUTHORITY: env['ENTRA_AUTHORITY'] || addresses.simulatorUrl,
    PUBLIC_URL: env['PUBLIC_URL'] || addresses.publicUrl,
    ...(homeTenantId ? { ENTRA_HOME_TENANT_ID: homeTenantId } : {}),
  };
}

/** Whether API and worker call the stack's own simulator. */
export function usesOwnSimulator(env: NodeJS.ProcessEnv): boolean {
  return !env['GRAPH_BASE_URL'] && !env['ENTRA_AUTHORITY'];
}

/**
 * The environment without the user's TEMPORAL_* variables, whose key and certificates belong to
 * another server. Those of workers (deployment, build id) stay.
 */
function withoutTemporalSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !name.startsWith('TEMPORAL_') || name.startsWith('TEMPORAL_WORKER_'),
    ),
  );
}
