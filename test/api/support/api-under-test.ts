import { createApp } from '#api/app.ts';
import type { ApiDependencies } from '#api/http/dependencies.ts';
import { listen } from '#api/server.ts';
import { graphConfig } from '#commands/graph-config.ts';
import { readConfig } from '#config.ts';
import { createSnapshotCipher, type SnapshotCipher } from '#db/snapshot/snapshot-cipher.ts';
import { createGroupSearch } from '#graph/directory/delegated-search.ts';
import { createLogger } from '#logger.ts';
import { startSimulator } from '#simulator/server.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { createRowSchedules } from './row-schedules.ts';
import { createRowStarter } from './row-starter.ts';
import { audience, homeTenantId, TokenMint } from './tokens.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined without a JSON body. */
  readonly json: unknown;
}

export interface ApiRequest {
  readonly method?: string;
  readonly token?: string;
  /** Sent as JSON; use `raw` for anything else. */
  readonly body?: unknown;
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The API over its own database and the simulator's directory. */
export interface ApiUnderTest {
  readonly url: string;
  readonly simulatorUrl: string;
  readonly database: TestDatabase;
  readonly cipher: SnapshotCipher;
  readonly mint: TokenMint;
  request(path: string, request?: ApiRequest): Promise<ApiAnswer>;
  stop(): Promise<void>;
}

/** The configuration and secrets of an API with a simulator as its directory. */
export function testSettings(simulatorUrl: string, changes: NodeJS.ProcessEnv = {}) {
  return readConfig({
    DATABASE_URL: 'postgres://unused',
    GRAPH_BASE_URL: simulatorUrl,
    ENTRA_AUTHORITY: simulatorUrl,
    ENTRA_CLIENT_ID: 'tenantry',
    ENTRA_CLIENT_SECRET: 'api-test-secret',
    ENTRA_HOME_TENANT_ID: homeTenantId,
    API_AUDIENCE: audience,
    ...changes,
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function send(url: string, request: ApiRequest): Promise<ApiAnswer> {
  const { method = 'GET', token, body, raw, headers = {} } = request;
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(payload === undefined ? {} : { body: payload }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parse(text) };
}

/** Starts an API on a free port, with some of its dependencies replaced. */
export async function startApi(
  options: { env?: NodeJS.ProcessEnv; deps?: Partial<ApiDependencies> } = {},
): Promise<ApiUnderTest> {
  const [database, simulator] = await Promise.all([
    createTestDatabase(),
    startSimulator({ port: 0, sample: false }),
  ]);
  const cipher = createSnapshotCipher([{ id: 'test', key: Buffer.alloc(32, 7) }]);
  const { db } = database.app;
  const { config, secrets } = testSettings(simulator.url, options.env);
  const app = createApp({
    db,
    cipher,
    runs: createRowStarter(db),
    schedules: createRowSchedules(),
    groupSearch: createGroupSearch(graphConfig(config, secrets)),
    config,
    log: createLogger({ level: 'silent', name: 'test' }),
    checkTemporal: async () => undefined,
    ...options.deps,
  });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  return {
    url: server.url,
    simulatorUrl: simulator.url,
    database,
    cipher,
    mint: new TokenMint(simulator.url),
    request: (path, request = {}) => send(`${server.url}${path}`, request),
    stop: async () => {
      await server.close();
      await simulator.close();
      await database.drop();
    },
  };
}
