import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { type ApiClient, createApiClient } from '#stack/api-client.ts';
import { signIn } from '#stack/password-grant.ts';
import { adminRole } from '#stack/sample-tenants.ts';
import type { DirectoryTenant } from '#stack/simulator-directory.ts';
import { type Stack, startStack } from '#stack/stack.ts';

/** A tenant and a client of the API for its owner. */
export interface BenchTenant {
  readonly tenantId: string;
  readonly api: ApiClient;
  readonly token: string;
}

/** A throw-away stack with the means to measure it. */
export interface BenchStack {
  readonly stack: Stack;
  readonly temporal: Client;
  readonly database: pg.Pool;
  /** The simulator's application for clients other than the product. */
  readonly client: { readonly id: string; readonly secret: string };
  /** Sends a request to the simulator's control surface and returns its answer. Throws unless it succeeds. */
  control(method: string, path: string, body?: unknown): Promise<unknown>;
  /** The owner of a sample tenant. */
  sampleTenant(displayName: string): Promise<BenchTenant>;
  /** Creates a tenant without policies and registers it. */
  newTenant(displayName: string): Promise<BenchTenant>;
  stop(): Promise<void>;
}

/** The most requests of the bench in flight. */
const databaseConnections = 16;

/** Starts a stack on free ports with its state in `home`. */
export async function startBenchStack(
  home: string,
  log: (line: string) => void,
): Promise<BenchStack> {
  const { GRAPH_BASE_URL: _graph, ENTRA_AUTHORITY: _authority, ...env } = process.env;
  // Request logs stay on, as in production. The product takes half of Graph's limits by default; the floors assume
  // all of them.
  const wholeLimit = { GRAPH_BUDGET_SHARE: '100', GRAPH_SLOW_START: 'false' };
  const stack = await startStack({ home, log, env: { ...env, ...wholeLimit, HOST: '127.0.0.1' } });
  const { simulatorUrl, apiUrl } = stack;
  const connection = Connection.lazy({ address: stack.temporalAddress });
  const database = new pg.Pool({ connectionString: stack.databaseUrl, max: databaseConnections });

  async function control(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${simulatorUrl}/_sim${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
  async function tenantOf({ tenantId, users }: Pick<DirectoryTenant, 'tenantId' | 'users'>) {
    const owner = users.find(({ suggestedRole }) => suggestedRole === 'owner');
    if (owner === undefined) throw new Error(`nobody owns ${tenantId}`);
    const token = await signIn(simulatorUrl, tenantId, owner, stack.env);
    return { tenantId, token, api: createApiClient(apiUrl, token) };
  }
  async function adminApi(): Promise<ApiClient> {
    const home = stack.directory.find((tenant) => tenant.home);
    const admin = home?.users.find(({ roles }) => roles?.includes(adminRole));
    if (home === undefined || admin === undefined) throw new Error('the sample has no admin');
    return createApiClient(apiUrl, await signIn(simulatorUrl, home.tenantId, admin, stack.env));
  }
  return {
    ...{ stack, database, control },
    client: {
      id: stack.env['ENTRA_CLIENT_ID'] ?? '',
      secret: stack.env['ENTRA_CLIENT_SECRET'] ?? '',
    },
    temporal: new Client({ connection, namespace: stack.temporalNamespace }),
    async sampleTenant(displayName) {
      const found = stack.directory.find((tenant) => tenant.displayName === displayName);
      if (found === undefined) throw new Error(`the sample has no tenant ${displayName}`);
      return tenantOf(found);
    },
    async newTenant(displayName) {
      const tenantId = randomUUID();
      const owner = {
        id: randomUUID(),
        userPrincipalName: `owner@${tenantId}.example`,
        displayName: 'Owner',
        password: randomUUID(),
        suggestedRole: 'owner' as const,
      };
      await control('PUT', `/tenants/${tenantId}`, { displayName, users: [owner] });
      const owners = [`${tenantId}:${owner.id}`];
      await (await adminApi()).call('POST', '/tenants', { tenantId, displayName, owners });
      return tenantOf({ tenantId, users: [owner] });
    },
    async stop() {
      await database.end();
      await connection.close();
      await stack.stop();
    },
  };
}
