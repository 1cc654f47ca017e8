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

describe('simulated app policies', () => {
  // Catches: ids without the kind, and configurations missing in the mixed list or shown among protections.
  it("app policies have their kind's id prefix in one mixed list", async () => {
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

  // Catches: seeded objects at another path, and views without the objects of the other path.
  it('app policies stay at their path and appear in the mixed list and the typed view', async () => {
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

  // Catches: apps accepted in the POST, and apps shown, expanded or routed in the mixed list.
  it('app policies get apps by targetApps and show them only in typed views', async () => {
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

  // Catches: an assignment before publishing, and scope tags in the list of apps.
  it('a store app refuses assignments until it is published', async () => {
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

  // Catches: items replacing each other, and assignments lost by a change of items.
  it("a policy set's update action changes items and assignments", async () => {
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
