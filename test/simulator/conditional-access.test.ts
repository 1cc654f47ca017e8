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

describe("the simulator's limit of Conditional Access", () => {
  // Catches: a limit shared with Intune, a Retry-After (the real service sends none), and a window without end.
  it('Conditional Access allows one call per second per tenant and sends no Retry-After', async () => {
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

describe('Conditional Access in the simulator', () => {
  beforeEach(() => limit(1000));

  // Catches: missing, changeable or deletable built-in strengths, and unknown other paths of the same strengths.
  it('built-in authentication strengths exist and refuse changes', async () => {
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

  // Catches: contexts with GUIDs, ids beyond c25, and a PATCH without creation.
  it('authentication contexts get the ids chosen by clients, c1 to c25', async () => {
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

  // Catches: another page size, and unchanged modification dates.
  it('Conditional Access policies come in pages of 20 and get a modification date', async () => {
    const bodies = Array.from({ length: 21 }, (_, at) => ({ displayName: `P${at}`, state: 'off' }));
    await client.seed(`${base}/policies`, ...bodies);
    expect(valuesOf(await client.graph(`${base}/policies`))).toHaveLength(20);
    const created = await write(client, 'POST', `${base}/policies`, { displayName: 'New' });
    expect(created.json).toMatchObject({ modifiedDateTime: null });
    const address = `${base}/policies/${String(created.json['id'])}`;
    expect((await write(client, 'PATCH', address, { state: 'disabled' })).status).toBe(204);
    expect((await client.graph(address)).json['modifiedDateTime']).toEqual(expect.any(String));
  });

  // Catches: files shown without $expand, and localizations without a path.
  it('agreements serve their files only by $expand or their own path', async () => {
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
