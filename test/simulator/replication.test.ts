import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestClient } from './client.ts';
import { idsOf, startTestClient, testGroups, toGroup, write } from './client.ts';

const catalog = '/deviceManagement/configurationPolicies';
const filters = '/deviceManagement/assignmentFilters';
const seconds = 0.4;
const longerMs = seconds * 1000 + 100;

let client: TestClient;

beforeAll(async () => {
  client = await startTestClient();
});

afterAll(() => client.simulator.close());

function replicate(lag: number, tenant = client.tenantId) {
  return client.control('PUT', 'replication', { tenant, seconds: lag });
}

describe('replication lag in the simulator', () => {
  // Catches: new objects readable at once, a lag for older objects, and a lag without end.
  it('a new object is unreadable during the replication lag', async () => {
    await client.seed(catalog, { id: 'old', name: 'Old' });
    await replicate(seconds);
    const created = await write(client, 'POST', catalog, { name: 'New', settings: [] });
    expect(created.status).toBe(201);
    const address = `${catalog}/${String(created.json['id'])}`;
    expect((await client.graph(address)).status).toBe(404);
    expect((await client.graph(`${address}/settings`)).status).toBe(404);
    expect(idsOf(await client.graph(catalog))).toEqual(['old']);
    await sleep(longerMs);
    expect((await client.graph(address)).status).toBe(200);
    expect(idsOf(await client.graph(catalog))).toHaveLength(2);
  });

  // Catches: a lag in other tenants.
  it('the replication lag applies only to its tenant', async () => {
    await replicate(0);
    await replicate(seconds, 'another-tenant');
    const created = await write(client, 'POST', catalog, { name: 'New', settings: [] });
    expect((await client.graph(`${catalog}/${String(created.json['id'])}`)).status).toBe(200);
    expect((await client.control('PUT', 'replication', { seconds: -1 })).status).toBe(400);
  });

  // Catches: a filter deleted in use, or immediately after its last use.
  it('a filter stays locked for the lag after its last use', async () => {
    await replicate(seconds);
    await client.seed(filters, { id: 'f', displayName: 'F', platform: 'iOS', rule: '()' });
    await client.seed(catalog, { id: 'user', name: 'User' });
    const filtered = toGroup(testGroups[0], {
      deviceAndAppManagementAssignmentFilterId: 'f',
      deviceAndAppManagementAssignmentFilterType: 'include',
    });
    const assign = (...assignments: unknown[]) =>
      write(client, 'POST', `${catalog}/user/assign`, { assignments });
    expect((await assign(filtered)).status).toBe(200);
    expect((await write(client, 'DELETE', `${filters}/f`)).status).toBe(400);
    await assign();
    expect((await write(client, 'DELETE', `${filters}/f`)).status).toBe(400);
    await sleep(longerMs);
    expect((await write(client, 'DELETE', `${filters}/f`)).status).toBe(200);
  });
});
