import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { signIn } from '#stack/password-grant.ts';
import type { DirectoryTenant } from '#stack/simulator-directory.ts';
import type { PartName } from '#stack/stack-file.ts';
import { type Stack, startStack } from '#stack/stack.ts';
import { apiUser, type ApiUser } from './api-user.ts';
import { simulatorControl, type SimulatorControl } from './simulator-control.ts';

/** The whole product on embedded parts, with the clients of a test. */
export interface StackUnderTest {
  readonly stack: Stack;
  readonly simulator: SimulatorControl;
  readonly temporal: Client;
  /** A connection as the owner, who sees every row; for counts only. */
  readonly database: pg.Pool;
  tenant(displayName: string): DirectoryTenant;
  /** Signs in the user with this suggested role in a sample tenant. */
  signIn(tenantName: string, role: string): Promise<ApiUser>;
  stop(): Promise<void>;
}

/** The settings for services of the user's own; these tests use the embedded ones. */
const foreignSettings = [
  'GRAPH_BASE_URL',
  'ENTRA_AUTHORITY',
  'ENTRA_HOME_TENANT_ID',
  'ENTRA_CLIENT_CERTIFICATE_PATH',
  'API_ADMIN_SUBJECTS',
  'PUBLIC_URL',
  'SIMULATOR_SEED_DIR',
];

/**
 * Starts a stack in a folder of its own on free ports; `env` is added to the environment of its children, `parts` are
 * all by default.
 */
export async function startStackUnderTest(
  env: NodeJS.ProcessEnv = {},
  parts?: readonly PartName[],
): Promise<StackUnderTest> {
  const home = await mkdtemp(join(tmpdir(), 'tenantry-e2e-'));
  const inherited = Object.entries(process.env).filter(([name]) => !foreignSettings.includes(name));
  const stack = await startStack({
    home,
    env: { ...Object.fromEntries(inherited), HOST: '127.0.0.1', ...env },
    ...(parts === undefined ? {} : { parts }),
  });
  if (stack.notes.length > 0) throw new Error(stack.notes.join('\n'));
  const temporal = new Client({
    connection: Connection.lazy({ address: stack.temporalAddress }),
    namespace: stack.temporalNamespace,
  });
  const database = new pg.Pool({ connectionString: stack.databaseUrl, max: 4 });
  // Tests kill Postgres; the pool replaces broken connections.
  database.on('error', () => undefined);
  const tenant = (displayName: string): DirectoryTenant => {
    const found = stack.directory.find((each) => each.displayName === displayName);
    if (found === undefined) throw new Error(`the sample has no tenant ${displayName}`);
    return found;
  };
  return {
    stack,
    temporal,
    database,
    tenant,
    simulator: simulatorControl(stack.simulatorUrl, {
      id: stack.env['ENTRA_CLIENT_ID'] ?? '',
      secret: stack.env['ENTRA_CLIENT_SECRET'] ?? '',
    }),
    async signIn(tenantName, role) {
      const { tenantId, users } = tenant(tenantName);
      const user = users.find(({ suggestedRole }) => suggestedRole === role);
      if (user === undefined) throw new Error(`${tenantName} has no ${role}`);
      const token = await signIn(stack.simulatorUrl, tenantId, user, stack.env);
      return apiUser(stack.apiUrl, tenantId, token);
    },
    async stop() {
      await database.end();
      await temporal.connection.close();
      await stack.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
