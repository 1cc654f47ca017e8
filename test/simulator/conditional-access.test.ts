import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { TestClient } from './client.ts';
import { idsOf, startTestClient, valuesOf, write } from './client.ts';

const base = '/identity/conditionalAccess';
const strengths = `${base}/authenticationStrength/policies`;

let client: TestClient;

beforeAll(async () => {
  client = await startTestClient();
});

afterAll(() => client.simulator.close());

function limit(conditionalAccess: number) {
  return client.control('PUT', 'throttle', { tenant: client.tenantId, conditionalAccess });
}

describe('the limit of conditional access', () => {
  // Catches: a limit shared with Intune's, a Retry-After that this service does not send, a window that never opens.
  it('is one call a second for the tenant, and nobody says when the next may come', async () => {
    expect((await client.graph(`${base}/policies`)).status).toBe(200);
    const second = await client.graph(`${base}/namedLocations`);
    expect(second.status).toBe(429);
    expect(second.headers.get('retry-after')).toBeNull();
    expect(second.json).toMatchObject({ error: { code: 'TooManyRequests' } });
    expect((await client.graph('/deviceManagement/deviceCategories')).status).toBe(200);
    expect((await client.graph('/identityGovernance/termsOfUse/agreements')).status).toBe(200);
    await sleep(1050);
    expect((await client.graph(`${base}/policies`)).status).toBe(200);
  });
});

describe('conditional access', () => {
  beforeEach(() => limit(1000));

  // Catches: built-in strengths missing, changed or deleted; other addresses of the same strengths unknown.
  it('has strengths of its own that nobody changes', async () => {
    const builtIn = valuesOf(await client.graph(strengths));
    expect(builtIn.map(({ policyType }) => policyType)).toEqual(['builtIn', 'builtIn', 'builtIn']);
    const [first] = idsOf(await client.graph(strengths));
    expect(
      (await write(client, 'PATCH', `${strengths}/${String(first)}`, { displayName: 'x' })).status,
    ).toBe(400);
    expect((await write(client, 'DELETE', `${strengths}/${String(first)}`)).status).toBe(400);
    const body = { displayName: 'Keys', allowedCombinations: ['fido2'] };
    const created = await write(client, 'POST', strengths, body);
    expect(created.json).toMatchObject({ policyType: 'custom' });
    expect((await write(client, 'POST', strengths, body)).status).toBe(400);
    const other = await client.graph('/policies/authenticationStrengthPolicies');
    expect(idsOf(other)).toContain(created.json['id']);
  });

  // Catches: contexts that get GUIDs, ids beyond c25, a PATCH that does not make what is not there.
  it('makes contexts under the ids that clients choose', async () => {
    const path = `${base}/authenticationContextClassReferences`;
    expect((await write(client, 'PATCH', `${path}/c3`, { displayName: 'Payroll' })).status).toBe(
      201,
    );
    expect((await write(client, 'PATCH', `${path}/c3`, { displayName: 'Pay' })).status).toBe(204);
    expect((await write(client, 'PATCH', `${path}/c26`, { displayName: 'x' })).status).toBe(404);
    const posted = await write(client, 'POST', path, { id: 'c25', displayName: 'Last' });
    expect(posted.json).toMatchObject({ id: 'c25' });
    expect(valuesOf(await client.graph(path))).toMatchObject([
      { id: 'c3', displayName: 'Pay' },
      { id: 'c25' },
    ]);
  });

  // Catches: pages of another size, dates of change that do not move.
  it('serves policies in pages of 20 and dates their changes', async () => {
    const bodies = Array.from({ length: 21 }, (_, at) => ({ displayName: `P${at}`, state: 'off' }));
    await client.seed(`${base}/policies`, ...bodies);
    expect(valuesOf(await client.graph(`${base}/policies`))).toHaveLength(20);
    const created = await write(client, 'POST', `${base}/policies`, { displayName: 'New' });
    expect(created.json).toMatchObject({ modifiedDateTime: null });
    const address = `${base}/policies/${String(created.json['id'])}`;
    expect((await write(client, 'PATCH', address, { state: 'disabled' })).status).toBe(204);
    expect((await client.graph(address)).json['modifiedDateTime']).toEqual(expect.any(String));
  });

  // Catches: files that show without being asked for, localizations without an address.
  it('keeps the files of agreements below them', async () => {
    const path = '/identityGovernance/termsOfUse/agreements';
    const file = { id: 'f', fileName: 'terms.pdf', language: 'en', fileData: { data: 'JVBERg==' } };
    await client.seed(path, { id: 'a', displayName: 'A', files: [file] });
    expect((await client.graph(`${path}/a`)).json).not.toHaveProperty('files');
    const expanded = await client.graph(`${path}/a?$expand=files`);
    expect(expanded.json).toMatchObject({ files: [{ fileName: 'terms.pdf' }] });
    const data = await client.graph(`${path}/a/file/localizations('f')/fileData/data`);
    expect(data.json).toMatchObject({ value: 'JVBERg==' });
    expect((await write(client, 'POST', path, { displayName: 'B' })).status).toBe(400);
  });
});
