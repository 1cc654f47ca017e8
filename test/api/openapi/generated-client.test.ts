import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUnderTest, startApi } from '#test/api/support/api-under-test.ts';
import { addRoleHolders, buildTenant, mintPersonas, tenantA } from '#test/api/support/world.ts';

/** A program of an API user against the generated client. */
const program = `
import { ok } from '@oazapfts/runtime';
import { defaults, getRun, listAuditEvents, listPolicies, putMember, syncInventory } from './client.ts';

const [url, token, tenantId] = process.argv.slice(2) as [string, string, string];
defaults.baseUrl = url;
defaults.headers = { authorization: 'Bearer ' + token };

const policies = await ok(listPolicies(tenantId, { limit: 1, $type: 'settingsCatalogPolicy' }));
const started = await syncInventory(tenantId, { types: ['settingsCatalogPolicy'] });
if (started.status !== 202) throw new Error(started.data.code);
const run = await ok(getRun(tenantId, started.data.run.id));
await ok(putMember(tenantId, tenantId + ':' + '77777777-7777-4777-8777-777777777777', { role: 'reader' }));
const events = await ok(listAuditEvents(tenantId));
const details: Record<string, unknown> | undefined = events.items[0]?.details;
const missing = await getRun(tenantId, '00000000-0000-4000-8000-000000000000');
// @ts-expect-error The client knows the types of policies.
void listPolicies(tenantId, { $type: 'noSuchType' });
// @ts-expect-error The client knows the members of an answer.
void run.noSuchMember;
console.log(JSON.stringify({
  policies: policies.items.length,
  operation: run.operationType,
  details: typeof details,
  problem: missing.status === 404 ? missing.data.code : null,
}));
process.exit();
`;

const compilerOptions = {
  ...{
    target: 'es2024',
    lib: ['es2024', 'dom'],
    module: 'nodenext',
    types: ['node'],
    noEmit: true,
  },
  ...{
    allowImportingTsExtensions: true,
    erasableSyntaxOnly: true,
    strict: true,
    skipLibCheck: true,
  },
};

let api: ApiUnderTest;
let folder: string;

beforeAll(async () => {
  api = await startApi();
  await buildTenant(api, tenantA);
  await addRoleHolders(api, tenantA);
  folder = await mkdtemp(join(tmpdir(), 'tenantry-client-'));
  await symlink(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'openapi.json'), (await api.request('/openapi.json')).text);
});
afterAll(async () => {
  await api.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs a file of a package, or of the folder, with Node. Throws with its output if it fails. */
async function run(file: string, ...args: string[]): Promise<string> {
  const child = promisify(execFile)(process.execPath, [file, ...args], { cwd: folder });
  const { stdout } = await child.catch(({ stdout, stderr }: Record<string, string>) => {
    throw new Error(`${file} failed: ${stdout}${stderr}`);
  });
  return stdout;
}

describe('/openapi.json', () => {
  it('is valid OpenAPI 3.1 for a validator of another hand', async () => {
    const validator = 'node_modules/@seriousme/openapi-schema-validator/bin/validate-api-cli.js';
    expect(JSON.parse(await run(validator, 'openapi.json'))).toEqual({ valid: true });
  });

  it('generates a client that compiles and calls the API', async () => {
    await run('node_modules/oazapfts/dist/cli.js', 'openapi.json', 'client.ts');
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    await writeFile(join(folder, 'program.ts'), program);
    const files = ['client.ts', 'program.ts'];
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    expect(await run('node_modules/typescript/bin/tsc', '-p', '.')).toBe('');
    const token = (await mintPersonas(api)).owner;
    expect(JSON.parse(await run('program.ts', api.url, token, tenantA))).toEqual({
      policies: 1,
      operation: 'inventory.sync',
      details: 'object',
      problem: 'not_found',
    });
  });
});
