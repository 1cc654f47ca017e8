import type { SimulatorOptions } from './options.ts';

const defaultPort = 3400;
const portMax = 65_535;
const loopbackHosts = ['127.0.0.1', '::1', 'localhost'];

/**
 * Reads the simulator's options from the environment.
 * @throws Error with every mistake found.
 */
export function readEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): SimulatorOptions {
  const host = valueOf(environment, 'HOST') ?? '127.0.0.1';
  const port = Number(valueOf(environment, 'SIMULATOR_PORT') ?? defaultPort);
  const clientId = valueOf(environment, 'ENTRA_CLIENT_ID');
  const clientSecret = valueOf(environment, 'ENTRA_CLIENT_SECRET');
  const mistakes = [
    ...(Number.isInteger(port) && port >= 0 && port <= portMax
      ? []
      : ['SIMULATOR_PORT must be a port number, or 0 for a free one']),
    ...(loopbackHosts.includes(host) || environment['SIMULATOR_ALLOW_REMOTE'] === '1'
      ? []
      : [
          'HOST must be a loopback address: the simulator gives out tokens and passwords (SIMULATOR_ALLOW_REMOTE=1 overrides)',
        ]),
  ];
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
  return {
    host,
    port,
    dataDir: valueOf(environment, 'SIMULATOR_DATA_DIR'),
    seedDir: valueOf(environment, 'SIMULATOR_SEED_DIR'),
    sample: (valueOf(environment, 'SIMULATOR_SAMPLE') ?? '1') !== '0',
    clientId,
    clientSecret,
    issuerUrl: valueOf(environment, 'SIMULATOR_ISSUER_URL'),
  };
}

function valueOf(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
): string | undefined {
  const value = environment[name];
  return value === undefined || value === '' ? undefined : value;
}
