import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApiClient } from './api-client.ts';
import { backUpTenant, problemsOf } from './demo/back-up-tenant.ts';
import { chooseTenant } from './demo/choose-tenant.ts';
import { countGraphCalls } from './demo/graph-calls.ts';
import { describeItems, describeManifest, describeWorkflows } from './demo/report.ts';
import { describePreview, problemsOfRestore, restoreTenant } from './demo/restore-tenant.ts';
import { signIn } from './password-grant.ts';
import { startStack, type Stack } from './stack.ts';
import { unlessAborted } from './unless-aborted.ts';
import { untilAskedToStop } from './until-asked-to-stop.ts';

const startedAt = performance.now();

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function say(line: string): void {
  print(`[${((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)} s] ${line}`);
}

/** The demo damages a tenant, so it ignores a Graph or an authority of the user. */
function demoEnvironment(): NodeJS.ProcessEnv {
  const { GRAPH_BASE_URL: _graph, ENTRA_AUTHORITY: _authority, ...env } = process.env;
  const { ENTRA_HOME_TENANT_ID: _home, PUBLIC_URL: _public, ...rest } = env;
  return { ...rest, HOST: '127.0.0.1' };
}

/** Shows backup, damage and restore on a running stack. Returns one sentence per mistake. */
async function show(stack: Stack): Promise<string[]> {
  const { tenant, user } = chooseTenant(stack.directory, process.env['SIMULATOR_SEED_DIR']);
  const { tenantId, displayName } = tenant;
  say(`working on ${displayName} (${tenantId}) as ${user.userPrincipalName}`);
  const token = await signIn(stack.simulatorUrl, tenantId, user, stack.env);
  const api = createApiClient(stack.apiUrl, token);
  const backedUp = await backUpTenant(api, tenantId, say);
  const { backupSet } = backedUp;
  const restored = await restoreTenant(api, stack.simulatorUrl, tenantId, backupSet, say);
  const problems = [...problemsOf(backedUp), ...problemsOfRestore(restored)];
  const runs = [...backedUp.runs, ...restored.runs];
  for (const line of [
    ...['', ...describeItems(runs)],
    ...['', ...describeManifest(backupSet)],
    ...['', ...describePreview(restored.preview)],
    ...['', ...(await countGraphCalls(stack.simulatorUrl, tenantId))],
    ...['', ...describeWorkflows(runs), ''],
  ]) {
    print(line);
  }
  if (problems.length === 0) {
    say(`verified: the backup set is complete, ${backupSet.itemCount} policies in it,`);
    say('and after the restore the tenant is as the backup has it');
  }
  return problems;
}

async function demo(home: string): Promise<void> {
  const signal = untilAskedToStop();
  say('starting a stack of its own, which ends with the demo');
  const stack = await startStack({ home, env: demoEnvironment(), log: say, signal });
  try {
    say('ready');
    const problems = await unlessAborted(show(stack), signal);
    if (problems.length > 0) throw new Error(problems.join('\n'));
  } finally {
    say('stopping');
    await stack.stop();
  }
}

const home = await mkdtemp(join(tmpdir(), 'tenantry-demo-'));
try {
  await demo(home);
  say('done');
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await rm(home, { recursive: true, force: true });
}
process.exit();
