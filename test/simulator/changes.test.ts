import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestClient } from './client.ts';
import { startTestClient, testGroups, toGroup, write } from './client.ts';

const manage = '/deviceManagement';
const long = '2026-01-01T00:00:00Z';

let client: TestClient;

beforeAll(async () => {
  client = await startTestClient();
});

afterAll(() => client.simulator.close());

/** Seeds an old object; tells if a change moves its date, and its version afterwards. */
async function changed(
  path: string,
  body: Record<string, unknown>,
  change: (id: string) => unknown,
) {
  const id = `seeded-${Math.random()}`;
  await client.seed(path, { id, ...body, lastModifiedDateTime: long, version: 3 });
  await change(id);
  const { json } = await client.graph(`${path}/${id}`);
  return { moved: json['lastModifiedDateTime'] !== long, version: json['version'] };
}

describe('modification date and version in the simulator', () => {
  // Catches: a write without a trace, since an incremental backup would miss it.
  it.each([
    ['PATCH', 'deviceConfigurations', (id: string) => patch('deviceConfigurations', id)],
    ['an action', 'deviceCompliancePolicies', (id: string) => schedule(id)],
    ['a child', 'groupPolicyConfigurations', (id: string) => addValue(id)],
  ])('modification date and version move on with %s', async (_name, segment, change) => {
    const result = await changed(`${manage}/${segment}`, { displayName: 'A' }, change);
    expect(result).toEqual({ moved: true, version: 4 });
  });

  // Catches: assignments that move the policy's date, since this hides that a backup must always read them.
  it('modification date and version do not move with assignments alone', async () => {
    const path = `${manage}/deviceConfigurations`;
    const assign = (id: string) =>
      write(client, 'POST', `${path}/${id}/assign`, { assignments: [toGroup(testGroups[0])] });
    expect(await changed(path, { displayName: 'A' }, assign)).toEqual({ moved: false, version: 3 });
    const autopilot = `${manage}/windowsAutopilotDeploymentProfiles`;
    const add = (id: string) =>
      write(client, 'POST', `${autopilot}/${id}/assignments`, toGroup(testGroups[0]));
    const single = await changed(autopilot, { displayName: 'A' }, add);
    expect(single).toEqual({ moved: false, version: 3 });
    const mutate = (id: string) =>
      client.control('POST', `tenants/${client.tenantId}/mutate`, {
        ...{ path, id, set: { assignments: [toGroup(testGroups[1])] } },
      });
    expect((await changed(path, { displayName: 'A' }, mutate)).moved).toBe(false);
  });

  // Catches: a mutation that moves neither date nor version, and one that overrides the given ones.
  it('a mutation moves date and version unless it sets them', async () => {
    const path = `${manage}/deviceConfigurations`;
    const mutate = (set: Record<string, unknown>) => (id: string) =>
      client.control('POST', `tenants/${client.tenantId}/mutate`, { path, id, set });
    expect(await changed(path, { displayName: 'A' }, mutate({ displayName: 'B' }))).toEqual({
      ...{ moved: true, version: 4 },
    });
    const silent = mutate({ displayName: 'B', lastModifiedDateTime: long, version: 3 });
    expect(await changed(path, { displayName: 'A' }, silent)).toEqual({ moved: false, version: 3 });
  });

  // Catches: the text versions of app policies left unchanged.
  it('a changed app policy gets a new tag as version', async () => {
    const path = '/deviceAppManagement/iosManagedAppProtections';
    await client.seed(path, { id: 'T_1', displayName: 'A', version: '"one"' });
    expect((await write(client, 'PATCH', `${path}/T_1`, { displayName: 'B' })).status).toBe(204);
    expect((await client.graph(`${path}/T_1`)).json['version']).toMatch(/^"(?!one).+"$/);
  });
});

function patch(segment: string, id: string) {
  return write(client, 'PATCH', `${manage}/${segment}/${id}`, { displayName: 'B' });
}

async function schedule(id: string) {
  const path = `${manage}/deviceCompliancePolicies/${id}/scheduleActionsForRules`;
  const rule = (...actions: unknown[]) => ({
    deviceComplianceScheduledActionForRules: [{ scheduledActionConfigurations: actions }],
  });
  const block = { actionType: 'block', gracePeriodHours: 0 };
  expect((await write(client, 'POST', path, rule())).status).toBe(400);
  expect((await write(client, 'POST', path, rule(block))).status).toBe(200);
}

function addValue(id: string) {
  const path = `${manage}/groupPolicyConfigurations/${id}/definitionValues`;
  return write(client, 'POST', path, { enabled: true });
}
