import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer, TestClient } from './client.ts';
import { appToken, messageOf, startTestClient } from './client.ts';

const configurations = '/deviceManagement/deviceConfigurations';
const readOnly = [
  'DeviceManagementConfiguration.Read.All',
  'DeviceManagementServiceConfig.Read.All',
  'Policy.Read.All',
  'Group.Read.All',
];

let client: TestClient;
let token: string;

beforeAll(async () => {
  client = await startTestClient();
  const tenant = { displayName: 'Careful', groups: [], permissions: readOnly };
  await client.control('PUT', `tenants/${client.tenantId}`, tenant);
  token = await appToken(client.url, client.tenantId);
  await client.seed(configurations, {
    id: 'o',
    displayName: 'O',
    omaSettings: [
      {
        '@odata.type': '#microsoft.graph.omaSettingString',
        omaUri: './a',
        value: 'secret',
        isEncrypted: true,
        secretReferenceValueId: 'ref',
      },
    ],
  });
});

afterAll(() => client.simulator.close());

function call(path: string, init: RequestInit = {}): Promise<Answer> {
  return client.graph(path, { ...init, headers: { authorization: `Bearer ${token}` } });
}

describe('permissions in the simulator', () => {
  // Catches: ignored token roles, and a read permission accepted for writes.
  it("an app-only token has the permissions of the tenant's consent", async () => {
    expect((await call(configurations)).status).toBe(200);
    expect((await call('/deviceManagement/termsAndConditions')).status).toBe(200);
    const write = await call(configurations, { method: 'POST', body: '{"displayName":"N"}' });
    expect(write.status).toBe(403);
    const scripts = await call('/deviceManagement/deviceManagementScripts');
    expect(scripts.status).toBe(403);
    expect(scripts.json).toMatchObject({ error: { code: 'Forbidden' } });
    const wrapped = JSON.parse(messageOf(scripts)) as { Message: string };
    expect(wrapped.Message).toContain('DeviceManagementScripts.Read.All');
    // An earlier token keeps its permissions.
    expect((await client.graph('/deviceManagement/deviceManagementScripts')).status).toBe(200);
  });

  // Catches: plain secrets told to an application with read permission only.
  it('reading a plain secret needs the write permission', async () => {
    const path = `${configurations}/o/getOmaSettingPlainTextValue(secretReferenceValueId='ref')`;
    expect((await call(path)).status).toBe(403);
    expect((await client.graph(path)).json).toMatchObject({ value: 'secret' });
  });

  // Catches: Intune's error body from other services, and reads by POST taken for writes.
  it("a missing permission is refused in each service's own words", async () => {
    const users = await call('/users');
    expect(users.json).toMatchObject({ error: { code: 'Authorization_RequestDenied' } });
    const body = JSON.stringify({ displayName: 'P' });
    const access = await call('/identity/conditionalAccess/policies', { method: 'POST', body });
    expect(access.json).toMatchObject({ error: { code: 'AccessDenied' } });
    const byIds = { method: 'POST', body: JSON.stringify({ ids: [] }) };
    expect((await call('/directoryObjects/getByIds', byIds)).status).toBe(200);
  });

  // Catches: batch members without the check.
  it('permissions are checked for each batch member', async () => {
    const requests = [configurations, '/deviceAppManagement/mobileApps'].map((url, at) => ({
      id: String(at),
      method: 'GET',
      url,
    }));
    const answer = await client.graph('/$batch', {
      method: 'POST',
      body: JSON.stringify({ requests }),
      headers: { authorization: `Bearer ${token}` },
    });
    const responses = answer.json['responses'] as { id: string; status: number }[];
    expect(Object.fromEntries(responses.map(({ id, status }) => [id, status]))).toEqual({
      0: 200,
      1: 403,
    });
  });
});
