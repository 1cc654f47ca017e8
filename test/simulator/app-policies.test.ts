import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestClient } from './client.ts';
import { idsOf, startTestClient, testGroups, toGroup, valuesOf, write } from './client.ts';

const apps = '/deviceAppManagement';
const mixed = `${apps}/managedAppPolicies`;

let client: TestClient;

beforeAll(async () => {
  client = await startTestClient();
});

afterAll(() => client.simulator.close());

describe('app policies', () => {
  // Catches: ids that do not tell the kind, configurations missing from the mixed list or shown among protections.
  it('carry the prefix of their kind in one mixed list', async () => {
    const protection = await write(client, 'POST', `${apps}/androidManagedAppProtections`, {
      displayName: 'P',
    });
    const configuration = await write(client, 'POST', `${apps}/targetedManagedAppConfigurations`, {
      displayName: 'C',
    });
    expect(protection.json['id']).toMatch(/^T_/);
    expect(configuration.json['id']).toMatch(/^A_/);
    expect(idsOf(await client.graph(mixed))).toEqual([
      protection.json['id'],
      configuration.json['id'],
    ]);
    const types = valuesOf(await client.graph(mixed)).map((each) => each['@odata.type']);
    expect(types).toEqual([
      '#microsoft.graph.androidManagedAppProtection',
      '#microsoft.graph.targetedManagedAppConfiguration',
    ]);
    expect(idsOf(await client.graph(`${apps}/iosManagedAppProtections`))).toEqual([]);
  });

  // Catches: seeds that come back at another path than they were put at, views that miss what lies at another one.
  it('are stored where they were put, and seen from both sides', async () => {
    const typed = `${apps}/windowsManagedAppProtections`;
    const body = { '@odata.type': '#microsoft.graph.windowsManagedAppProtection' };
    await client.seed(typed, { id: 'T_typed', displayName: 'A' });
    await client.seed(mixed, { id: 'T_mixed', displayName: 'B', ...body });
    expect(idsOf(await client.graph(typed))).toEqual(['T_typed', 'T_mixed']);
    expect(idsOf(await client.graph(mixed)).slice(-2)).toEqual(['T_typed', 'T_mixed']);
    await write(client, 'PATCH', `${typed}/T_mixed`, { displayName: 'C' });
    const objects = await client.control('GET', `tenants/${client.tenantId}/objects?bodies=false`);
    const own = valuesOf(objects).filter(({ id }) => id === 'T_typed' || id === 'T_mixed');
    expect(own).toEqual([
      { path: typed, id: 'T_typed' },
      { path: mixed, id: 'T_mixed' },
    ]);
    expect((await write(client, 'DELETE', `${typed}/T_mixed`)).status).toBe(204);
    expect(idsOf(await client.graph(typed))).toEqual(['T_typed']);
  });

  // Catches: apps taken with the POST, apps that the mixed list shows, expands or has an address for.
  it('get their apps by an action and show them in the typed views only', async () => {
    const app = { mobileAppIdentifier: { bundleId: 'com.contoso.app' } };
    const path = `${apps}/iosManagedAppProtections`;
    const created = await write(client, 'POST', path, { displayName: 'P', apps: [app] });
    const id = String(created.json['id']);
    const expanded = `${path}/${id}?$expand=apps,assignments`;
    expect((await client.graph(expanded)).json).toMatchObject({ apps: [], assignments: [] });
    const target = { apps: [app], appGroupType: 'selectedPublicApps' };
    expect((await write(client, 'POST', `${path}/${id}/targetApps`, target)).status).toBe(204);
    const assignments = { assignments: [toGroup(testGroups[0])] };
    expect((await write(client, 'POST', `${path}/${id}/assign`, assignments)).status).toBe(204);
    expect((await client.graph(expanded)).json).toMatchObject({
      appGroupType: 'selectedPublicApps',
      apps: [app],
      assignments: [{ target: { groupId: testGroups[0] } }],
    });
    const item = await client.graph(`${mixed}/${id}`);
    expect(item.json).not.toHaveProperty('apps');
    for (const refused of [`${mixed}/${id}?$expand=apps`, `${mixed}/${id}/apps`]) {
      expect((await client.graph(refused)).status).toBe(400);
    }
  });

  // Catches: an app assigned before it is published, the scope tags of apps in lists.
  it('wait for a store app to be published', async () => {
    const path = `${apps}/mobileApps`;
    const body = { '@odata.type': '#microsoft.graph.winGetApp', displayName: 'W' };
    await client.seed(path, {
      id: 'w',
      ...body,
      publishingState: 'processing',
      roleScopeTagIds: [],
    });
    const assign = () =>
      write(client, 'POST', `${path}/w/assign`, {
        mobileAppAssignments: [{ intent: 'required', ...toGroup(testGroups[0]) }],
      });
    expect((await assign()).status).toBe(400);
    await write(client, 'PATCH', `${path}/w`, { publishingState: 'published' });
    expect((await assign()).status).toBe(200);
    expect(valuesOf(await client.graph(path))[0]).not.toHaveProperty('roleScopeTagIds');
    expect((await client.graph(`${path}/w`)).json).toHaveProperty('roleScopeTagIds');
    const assigned = await client.graph(`${path}/w/assignments`);
    expect(valuesOf(assigned)).toMatchObject([{ intent: 'required' }]);
  });

  // Catches: items that replace one another, assignments of a set wiped when only items change.
  it('are changed as sets by one action', async () => {
    const path = `${apps}/policySets`;
    await client.seed(`${apps}/mobileApps`, { id: 'one' }, { id: 'two' });
    const created = await write(client, 'POST', path, {
      displayName: 'S',
      items: [{ '@odata.type': '#microsoft.graph.mobileAppPolicySetItem', payloadId: 'one' }],
      assignments: [],
    });
    const address = `${path}/${String(created.json['id'])}`;
    const update = (body: unknown) => write(client, 'POST', `${address}/update`, body);
    const added = { '@odata.type': '#microsoft.graph.mobileAppPolicySetItem', payloadId: 'two' };
    expect((await update({ assignments: [toGroup(testGroups[0])] })).status).toBe(204);
    expect((await update({ addedPolicySetItems: [added] })).status).toBe(204);
    const { json } = await client.graph(`${address}?$expand=items,assignments`);
    expect(json).toMatchObject({ items: [{ payloadId: 'one' }, { payloadId: 'two' }] });
    expect(json['assignments']).toHaveLength(1);
  });
});
