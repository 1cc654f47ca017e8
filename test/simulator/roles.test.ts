import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestClient } from './client.ts';
import { idsOf, startTestClient, testGroups, valuesOf, write } from './client.ts';

const roles = '/deviceManagement/roleDefinitions';
const assignments = '/deviceManagement/roleAssignments';
const withTags = '$expand=microsoft.graph.deviceAndAppManagementRoleAssignment/roleScopeTags';

let client: TestClient;

beforeAll(async () => {
  client = await startTestClient();
});

afterAll(() => client.simulator.close());

describe('simulated roles', () => {
  // Catches: a tenant without built-in roles, changeable ones, and two roles with one name.
  it('built-in roles refuse changes, and role names are unique', async () => {
    const builtIn = valuesOf(await client.graph(`${roles}?$filter=isBuiltIn eq true`));
    expect(builtIn.length).toBeGreaterThan(0);
    const address = `${roles}/${String(builtIn[0]?.['id'])}`;
    expect((await write(client, 'PATCH', address, { description: 'x' })).status).toBe(400);
    expect((await write(client, 'DELETE', address)).status).toBe(400);
    const body = { displayName: 'Desk', rolePermissions: [] };
    expect((await write(client, 'POST', roles, body)).status).toBe(200);
    expect((await write(client, 'POST', roles, body)).status).toBe(400);
    const own = valuesOf(await client.graph(`${roles}?$filter=isBuiltIn eq false`));
    expect(own).toMatchObject([{ displayName: 'Desk', isBuiltIn: false }]);
    const [created] = idsOf(await client.graph(`${roles}?$filter=isBuiltIn eq false`));
    expect((await write(client, 'DELETE', `${roles}/${String(created)}`)).status).toBe(200);
  });

  // Catches: assignments in one place only, lost scope tags, and an assignment left after its deletion.
  it('role assignments appear in their role and in the list of all assignments', async () => {
    const seeded = { id: 'ra', displayName: 'Seeded', members: [testGroups[0]] };
    await client.seed(roles, { id: 'r', displayName: 'R', roleAssignments: [seeded] });
    await client.seed('/deviceManagement/roleScopeTags', { id: '7', displayName: 'Berlin' });
    const created = await write(client, 'POST', assignments, {
      displayName: 'Created',
      members: [testGroups[1]],
      resourceScopes: [testGroups[0]],
      'roleDefinition@odata.bind': `https://graph.microsoft.com/beta${roles}('r')`,
      'roleScopeTags@odata.bind': [
        "https://graph.microsoft.com/beta/deviceManagement/roleScopeTags('7')",
      ],
    });
    expect(created.status).toBe(201);
    const id = String(created.json['id']);
    expect(idsOf(await client.graph(assignments))).toEqual(['ra', id]);
    const role = await client.graph(`${roles}/r?$expand=roleAssignments`);
    expect(role.json['roleAssignments']).toMatchObject([{ id: 'ra' }, { id }]);
    expect(idsOf(await client.graph(`${roles}/r/roleAssignments`))).toEqual(['ra', id]);
    const one = await client.graph(`${assignments}/${id}?${withTags}`);
    expect(one.json).toMatchObject({ roleScopeTags: [{ id: '7', displayName: 'Berlin' }] });
    expect(one.json).not.toHaveProperty('roleDefinition');
    const definition = await client.graph(`${assignments}/${id}/roleDefinition`);
    expect(definition.json).toMatchObject({ id: 'r' });
    const changed = await write(client, 'PATCH', `${assignments}/${id}`, {
      displayName: 'Renamed',
    });
    expect(changed.json).toMatchObject({ displayName: 'Renamed' });
    expect((await write(client, 'DELETE', `${assignments}/${id}`)).status).toBe(200);
    expect(idsOf(await client.graph(assignments))).toEqual(['ra']);
    expect((await write(client, 'POST', assignments, { displayName: 'Loose' })).status).toBe(400);
  });
});
