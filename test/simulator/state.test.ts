import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { SimulatorOptions } from '#simulator/options.ts';
import type { RunningSimulator } from '#simulator/server.ts';
import { startSimulator } from '#simulator/server.ts';
import { generateTenant } from '#test/support/generated-tenant.ts';
import { allPages, connect, idsOf, send, valuesOf } from './client.ts';

const catalog = '/deviceManagement/configurationPolicies';

const seedBatch = 500;

/** Closers of all opened resources; they run even after a failed test, else jest would never end. */
const opened: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  opened.push(() => rmSync(folder, { recursive: true }));
  return folder;
}

function startProcess(env: Record<string, string>): ChildProcess {
  const child = fork('simulator/main.ts', { env, silent: true });
  opened.push(() => child.kill('SIGKILL'));
  return child;
}

async function start(options: SimulatorOptions): Promise<RunningSimulator> {
  const simulator = await startSimulator({ sample: false, ...options });
  opened.push(() => simulator.close());
  return simulator;
}

describe("the simulator's state", () => {
  // Catches: a write answered before its commit, new signing keys after a restart, and a lost order.
  it("the simulator's state survives kill -9", async () => {
    const dataDir = temporaryFolder();
    const child = startProcess({
      SIMULATOR_PORT: '0',
      SIMULATOR_DATA_DIR: dataDir,
      SIMULATOR_SAMPLE: '0',
    });
    const [ready] = await once(child, 'message');
    expect(ready).toEqual({ type: 'ready', url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:/) });
    const client = await connect({ url: String(ready.url), close: async () => {} }, 'aa-bb');
    await client.seed(catalog, { id: 'one', name: 'One' }, { id: 'two', name: 'Two' });
    await client.graph(`${catalog}/one`, { method: 'PUT', body: '{"name":"Changed"}' });
    child.kill('SIGKILL');
    await once(child, 'exit');

    const again = await start({ dataDir });
    const headers = { authorization: `Bearer ${client.token}` };
    const list = await send(`${again.url}/beta${catalog}?$select=name`, { headers });
    // Intune returns the id, selected or not.
    expect(valuesOf(list)).toEqual([
      { id: 'one', name: 'Changed' },
      { id: 'two', name: 'Two' },
    ]);
  });

  // Catches: objects lost or reordered by a restart, and pages with repeated or missing objects among thousands.
  it('a large tenant is the same after a restart', async () => {
    const dataDir = temporaryFolder();
    const first = await start({ dataDir });
    const client = await connect(first, 'dd-ee');
    const objects = generateTenant({ policies: 2000, seed: 3 });
    for (let at = 0; at < objects.length; at += seedBatch) {
      const batch = objects.slice(at, at + seedBatch);
      await client.control('POST', `tenants/${client.tenantId}/objects`, batch);
    }
    const expected = objects.filter(({ path }) => path === catalog).map(({ body }) => body['id']);
    const listed = (await allPages(client, catalog)).flatMap(idsOf);
    expect(listed).toEqual(expected);
    const again = await start({ dataDir });
    const pages = await allPages(
      { ...client, graph: (path, init) => client.graph(path.replace(first.url, again.url), init) },
      `${again.url}/beta${catalog}?$top=1000`,
    );
    expect(pages.flatMap(idsOf)).toEqual(expected);
  });

  // Catches: a process hanging on open connections.
  it('the simulator exits with 0 on SIGTERM', async () => {
    const child = startProcess({ SIMULATOR_PORT: '0' });
    const [ready] = await once(child, 'message');
    await fetch(`${ready.url}/healthz`);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  // Catches: a simulator reachable from the network, since it gives out passwords.
  it('the simulator refuses to listen on 0.0.0.0', async () => {
    const child = startProcess({ HOST: '0.0.0.0' });
    expect(await once(child, 'exit')).toEqual([1, null]);
  });

  // Catches: old objects left by a reset, and a deleted object still listed.
  it('the control API resets a tenant and changes and deletes its objects', async () => {
    const client = await connect(await start({}), 'cc-dd');
    await client.seed(catalog, { id: 'one', name: 'One' }, { id: 'two', name: 'Two' });
    const mutate = (order: unknown) =>
      client.control('POST', `tenants/${client.tenantId}/mutate`, order);
    const assignment = { target: { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' } };
    await mutate({ path: catalog, id: 'one', set: { assignments: [assignment] } });
    const assigned = await client.graph(`${catalog}/one/assignments`);
    expect(valuesOf(assigned)[0]).toMatchObject({
      id: 'one_adadadad-808e-44e2-905a-0b7873a8a531',
      source: 'direct',
    });
    await mutate({ path: catalog, id: 'two', delete: true });
    expect((await client.graph(`${catalog}/two`)).status).toBe(404);
    expect((await mutate({ path: catalog, id: 'two', set: {} })).status).toBe(404);
    await client.control('PUT', `tenants/${client.tenantId}`, { displayName: 'Empty' });
    const objects = await client.control('GET', `tenants/${client.tenantId}/objects`);
    expect(objects.json['value']).toEqual([]);
  });
});

describe("the simulator's seed folder", () => {
  function writeSeeds(folder: string): void {
    const write = (path: string, bytes: Uint8Array) => {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    };
    const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
    write('Contoso/configurationPolicies/a.json', utf16('{"id":"p","name":"Grüße 1"}'));
    write(
      'Contoso/conditionalAccessPolicies/b.json',
      utf16(
        '{"displayName":"CA","state@odata.type":"#x","conditions":{"a@odata.type":"#y"}}',
      ).swap16(),
    );
    write(
      'Contoso/deviceManagement/deviceHealthScripts/c.json',
      Buffer.from('\ufeff{"value":[{"displayName":"R1"},{"displayName":"R2"}]}', 'utf8'),
    );
    write(
      'Contoso/deviceCompliancePolicies/d.json',
      Buffer.from(
        '{"id":"c","displayName":"C","@odata.context":"x","scheduledActionsForRule@odata.context":"y","scheduledActionsForRule":[{"ruleName":null}],"assignments":[]}',
      ),
    );
  }

  // Catches: UTF-16 read as UTF-8, annotations served as properties, and ids different after each start.
  it('a seed folder creates tenants from UTF-8 and UTF-16 files, with stable ids', async () => {
    const seedDir = temporaryFolder();
    writeSeeds(seedDir);
    const simulator = await start({ seedDir });
    const directory = valuesOf(await send(`${simulator.url}/_sim/directory`));
    expect(directory.map(({ displayName }) => displayName)).toEqual(['Contoso']);
    expect(directory[0]?.['users']).toHaveLength(4);
    const address = `${simulator.url}/_sim/tenants/${String(directory[0]?.['tenantId'])}/objects`;
    const objects = valuesOf(await send(address));
    expect(objects.map(({ path }) => path).toSorted()).toEqual([
      '/deviceManagement/configurationPolicies',
      '/deviceManagement/deviceCompliancePolicies',
      '/deviceManagement/deviceHealthScripts',
      '/deviceManagement/deviceHealthScripts',
      '/identity/conditionalAccess/policies',
    ]);
    const text = JSON.stringify(objects);
    expect(text).toContain('Grüße 1');
    expect(text).not.toContain('@odata');
    const second = await start({ seedDir });
    const ids = valuesOf(await send(address.replace(simulator.url, second.url))).map(
      ({ id }) => id,
    );
    expect(ids).toEqual(objects.map(({ id }) => id));
  });
});
