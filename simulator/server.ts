import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Conditions } from './control/conditions.ts';
import type { Control } from './control/control.ts';
import { Faults } from './control/faults.ts';
import { RequestLog } from './control/request-log.ts';
import { Throttle } from './control/throttle.ts';
import type { Entra } from './entra/entra.ts';
import { SigningKeys } from './entra/signing-keys.ts';
import { Authenticator } from './graph/authenticate.ts';
import type { SimulatorOptions } from './options.ts';
import { answerRequest } from './router.ts';
import { createSample } from './sample/create-sample.ts';
import { seedFromFolder } from './seed/seed-from-folder.ts';
import { openJournal } from './store/journal.ts';
import { Store } from './store/store.ts';

export interface RunningSimulator {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Clients keep idle connections; an early close would look like a network fault. */
const keepAliveTimeoutMs = 600_000;

/** Starts a simulator in this process; resolves once it listens. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const journal = openJournal(options.dataDir ?? null);
  const store = new Store(journal);
  const keys = new SigningKeys(journal);
  if (options.sample !== false && store.tenants().length === 0) createSample(store);
  if (options.seedDir !== undefined) seedFromFolder(store, journal, options.seedDir);
  const log = new RequestLog();
  const faults = new Faults();
  const throttle = new Throttle();
  const conditions = new Conditions();
  const control: Control = { store, journal, keys, log, faults, throttle, conditions };
  const entra: Entra = {
    store,
    keys,
    client: clientOf(options),
    issuerUrl: options.issuerUrl ?? null,
    redeemedCodes: new Set(),
  };
  const parts = {
    control,
    entra,
    gate: { service: { store, conditions }, log, faults, throttle },
    authenticator: new Authenticator(store, keys),
  };
  const server = createServer((request, response) => void answerRequest(parts, request, response));
  server.keepAliveTimeout = keepAliveTimeoutMs;
  // On a slow machine, seeding a large tenant may take longer than Node's default request timeout.
  server.requestTimeout = 0;
  await listen(server, options.host ?? '127.0.0.1', options.port ?? 0);
  return {
    url: addressOf(server, options.host ?? '127.0.0.1'),
    close: async () => {
      await closeServer(server);
      journal.close();
    },
  };
}

function clientOf({ clientId, clientSecret }: SimulatorOptions): Entra['client'] {
  if (clientId === undefined || clientSecret === undefined) return null;
  return { id: clientId, secret: clientSecret };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function addressOf(server: Server, host: string): string {
  const address = server.address();
  const { port } = isAddressInfo(address) ? address : { port: 0 };
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function isAddressInfo(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
