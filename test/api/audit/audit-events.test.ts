import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import { type ApiUnderTest, startApi } from '#test/api/support/api-under-test.ts';
import {
  addRoleHolders,
  buildTenant,
  mintPersonas,
  type Persona,
  principalOf,
  tenantA,
  tenantB,
} from '#test/api/support/world.ts';

let api: ApiUnderTest;
let tokens: Record<Persona, string>;

beforeAll(async () => {
  api = await startApi();
  await buildTenant(api, tenantA);
  await buildTenant(api, tenantB);
  await addRoleHolders(api, tenantA);
  tokens = await mintPersonas(api);
});
afterAll(() => api.stop());

interface AuditEvent extends Record<string, unknown> {
  readonly hash: string;
  readonly previousHash: string | null;
}

const members = `/api/v1/tenants/${tenantA}/members`;
const put = (principalId: string, body: object) =>
  api.request(`${members}/${principalId}`, { method: 'PUT', token: tokens.owner, body });

async function trail(query = ''): Promise<{ items: AuditEvent[]; nextCursor: string | null }> {
  const path = `/api/v1/tenants/${tenantA}/audit-events${query}`;
  const answer = await api.request(path, { token: tokens.owner });
  expect([answer.status, answer.json]).toEqual([200, expect.anything()]);
  return answer.json as { items: AuditEvent[]; nextCursor: string | null };
}

describe('the audit trail', () => {
  // Catches: a shape other than the contract's, the oldest event first, and a hash that a reader cannot compute.
  it('audit trail lists the newest event first, with hashes that a reader can compute', async () => {
    const someone = principalOf('reader');
    await put(someone, { role: 'operator', displayName: 'Zoë "Z" \u2028' });
    await put(someone, { role: 'manager' });
    const { items } = await trail();
    expect(items.slice(0, 2)).toEqual([
      {
        id: expect.any(String),
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        actor: principalOf('owner'),
        action: 'member.written',
        tenantId: tenantA,
        runId: null,
        target: { type: 'member', id: someone },
        details: { role: 'manager', previousRole: 'operator' },
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        previousHash: items[1]?.hash,
      },
      expect.objectContaining({ details: { role: 'operator', previousRole: 'reader' } }),
    ]);
    for (const [index, { hash, ...rest }] of items.entries()) {
      const text = canonicalize(rest) ?? '';
      expect(createHash('sha256').update(text, 'utf8').digest('hex')).toBe(hash);
      expect(rest.previousHash).toBe(items[index + 1]?.hash ?? null);
    }
  });

  // Catches: a page that does not continue the previous one.
  it('audit trail is one hash chain across pages', async () => {
    for (const role of ['reader', 'operator', 'reader', 'operator'] as const) {
      await put(principalOf('reader'), { role });
    }
    const whole = (await trail()).items.map(({ hash }) => hash);
    const pages: string[] = [];
    let cursor = '';
    do {
      const page = await trail(`?limit=3${cursor}`);
      pages.push(...page.items.map(({ hash }) => hash));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(pages).toEqual(whole);
  });
});
