import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer, TestClient } from './client.ts';
import { appToken, idsOf, startTestClient, valuesOf } from './client.ts';

const scripts = '/deviceManagement/deviceManagementScripts';
const requests = '/deviceManagement/operationApprovalRequests';
const justification = Buffer.from('Because it is broken').toString('base64');

let client: TestClient;
let approver: string;

beforeAll(async () => {
  client = await startTestClient();
  approver = await appToken(client.url, client.tenantId, 'somebody-else');
  await client.seed('/deviceManagement/operationApprovalPolicies', { policyType: 'scripts' });
});

afterAll(() => client.simulator.close());

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return client.graph(path, { method: 'POST', body: JSON.stringify(body), headers });
}

/** Requests approval to create a script; returns the code for the retry and the request's id. */
async function file(displayName: string): Promise<{ code: string; id: string }> {
  const answer = await post(
    scripts,
    { displayName },
    { 'x-msft-approval-justification': justification },
  );
  expect(answer.status).toBe(412);
  const code = answer.headers.get('x-msft-approval-code') ?? '';
  expect(code).toMatch(/^[\da-f-]{36}$/);
  return { code, id: String(idsOf(await client.graph(requests)).at(-1)) };
}

function decide(id: string, decision: 'approve' | 'reject'): Promise<Answer> {
  const headers = { authorization: `Bearer ${approver}` };
  return post(`${requests}/${id}/${decision}`, { justification: 'Fine' }, headers);
}

describe('Multi Admin Approval in the simulator', () => {
  // Catches: a write without approval, and the code used early, twice or for another write.
  it('an approval lets exactly the approved write pass, once', async () => {
    const body = { displayName: 'First' };
    expect((await post(scripts, body)).status).toBe(400);
    const { code, id } = await file('First');
    const replay = (changed: unknown, headers: Record<string, string> = {}) =>
      post(scripts, changed, { 'x-msft-approval-code': code, ...headers });
    expect((await replay(body)).status).toBe(403);
    const again = await post(scripts, body, { 'x-msft-approval-justification': justification });
    expect(again.status).toBe(409);
    expect((await post(`${requests}/${id}/approve`, { justification: 'Mine' })).status).toBe(403);
    expect((await decide(id, 'approve')).status).toBe(204);
    expect((await replay({ displayName: 'Other' })).status).toBe(403);
    const foreign = { authorization: `Bearer ${approver}` };
    expect((await replay(body, foreign)).status).toBe(403);
    expect(idsOf(await client.graph(scripts))).toEqual([]);
    expect((await replay(body)).status).toBe(201);
    expect((await replay(body)).status).toBe(403);
    expect((await client.graph(`${requests}/${id}`)).json).toMatchObject({ status: 'completed' });
  });

  // Catches: a rejected, cancelled or expired request accepted, and its held write shown to readers.
  it('a rejected, cancelled or expired approval request lets no write pass', async () => {
    const rejected = await file('Second');
    expect((await decide(rejected.id, 'reject')).status).toBe(204);
    const cancelled = await file('Third');
    const cancel = await post(`${requests}/cancelMyRequest`, { id: cancelled.id });
    expect(cancel.status).toBe(204);
    const expired = await file('Fourth');
    await client.control('POST', `tenants/${client.tenantId}/mutate`, {
      ...{ path: requests, id: expired.id },
      set: { expirationDateTime: '2026-01-01T00:00:00Z' },
    });
    const shown = valuesOf(await client.graph(requests)).slice(-3);
    expect(shown.map(({ status }) => status)).toEqual(['rejected', 'cancelled', 'expired']);
    expect(JSON.stringify(shown)).not.toContain(rejected.code);
    for (const { code } of [rejected, cancelled, expired]) {
      const headers = { 'x-msft-approval-code': code };
      expect((await post(scripts, { displayName: 'x' }, headers)).status).toBe(403);
    }
  });

  // Catches: approval required without a policy, or for reads.
  it('only writes covered by an approval policy need approval', async () => {
    expect((await client.graph(scripts)).status).toBe(200);
    const category = await post('/deviceManagement/deviceCategories', { displayName: 'C' });
    expect(category.status).toBe(201);
    const long = Buffer.alloc(1025, 'a').toString('base64');
    const headers = { 'x-msft-approval-justification': long };
    expect((await post(scripts, { displayName: 'x' }, headers)).status).toBe(400);
  });
});
