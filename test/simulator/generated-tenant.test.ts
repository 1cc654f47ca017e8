import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { policyTypes } from '#domain/policy-types/catalogue.ts';
import {
  countsByPath,
  generateTenant,
  policiesMin,
  type SeedObject,
} from '#test/support/generated-tenant.ts';
import { countStored, countTenant } from '#tools/count-tenant.ts';
import type { TestClient } from './client.ts';
import { startTestClient } from './client.ts';

const policies = 400;
const catalog = '/deviceManagement/configurationPolicies';
/** Built-in objects of each tenant: the Default tag, three roles, three strengths. */
const builtIn = new Map([
  ['/deviceManagement/roleScopeTags', 1],
  ['/deviceManagement/roleDefinitions', 3],
  ['/identity/conditionalAccess/authenticationStrength/policies', 3],
]);

/** Links of profile types the generator does not create. */
const neverGenerated = new Set([
  'rootCertificateForServerValidation',
  'rootCertificateForClientValidation',
  'identityCertificate',
]);

let client: TestClient;
let objects: SeedObject[];

beforeAll(async () => {
  client = await startTestClient();
  await client.control('PUT', 'throttle', { requests: 100_000, conditionalAccess: 1000 });
  await client.control('PUT', `tenants/${client.tenantId}`, { displayName: 'Generated' });
  objects = generateTenant({ policies, seed: 7 });
  const seeded = await client.control('POST', `tenants/${client.tenantId}/objects`, objects);
  expect(seeded.status).toBe(200);
});

afterAll(() => client.simulator.close());

function bodiesOf(path: string): Record<string, unknown>[] {
  return objects.filter((object) => object.path === path).map(({ body }) => body);
}

function lengthsOf(bodies: readonly Record<string, unknown>[], name: string): number[] {
  return bodies.map((body) => {
    const list = body[name];
    return Array.isArray(list) ? list.length : 0;
  });
}

describe('the generated tenant', () => {
  // Catches: objects overwriting each other, lost pages, and a count of seeds instead of Graph's objects.
  it('a generated tenant has through Graph the generated number of objects', async () => {
    const seeded = countsByPath(objects);
    const listed = await countTenant(client.url, client.tenantId, [...seeded.keys()]);
    const expected = [...seeded].map(([path, count]) => [path, count + (builtIn.get(path) ?? 0)]);
    expect([...listed]).toEqual(expected);
    const stored = await countStored(client.url, client.tenantId);
    expect([...stored.values()].reduce((sum, count) => sum + count, 0)).toBe(objects.length);
  });

  // Catches: randomness outside of the seed, and another number of policies than requested.
  it('a generated tenant depends only on its seed and has the requested size', () => {
    expect(generateTenant({ policies, seed: 7 })).toEqual(objects);
    expect(generateTenant({ policies, seed: 8 })).not.toEqual(objects);
    for (const size of [policiesMin, 1000]) {
      const counts = countsByPath(generateTenant({ policies: size, seed: 1 }));
      const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
      expect(all - (counts.get('/groups') ?? 0)).toBe(size);
      expect((counts.get(catalog) ?? 0) / size).toBeGreaterThanOrEqual(0.5);
      expect((counts.get(catalog) ?? 0) / size).toBeLessThan(0.65);
    }
    expect(() => generateTenant({ policies: policiesMin - 1, seed: 1 })).toThrow(RangeError);
  });

  // Catches: a kind of policy missing in all tests of restores.
  it('a generated tenant has each restorable type with all its children', () => {
    const restorable = policyTypes.filter(({ restore }) => restore !== null);
    const kinds = new Map(restorable.map(({ collection }) => [collection, bodiesOf(collection)]));
    expect([...kinds].filter(([, bodies]) => bodies.length === 0)).toEqual([]);
    for (const { children, collection, type } of restorable) {
      const text = JSON.stringify(kinds.get(collection));
      const missing = children
        .map(({ name }) => name)
        .filter((name) => !text.includes(`"${name}":`) && !neverGenerated.has(name));
      expect([type, missing]).toEqual([type, []]);
    }
    const whole = JSON.stringify([...kinds.values()]);
    for (const word of [
      'exclusionGroup',
      'allDevices',
      'allLicensedUsers',
      '"include"',
      'Email_',
    ]) {
      expect(whole).toContain(word);
    }
    const plain = JSON.stringify(generateTenant({ policies, seed: 7, secrets: false }));
    expect(plain).not.toMatch(/SecretSettingValue|"isEncrypted":true|preSharedKey/);
  });

  // Catches: a tenant that is too easy for clients with faults in paging, matching by name or dangling references.
  it('a generated tenant has long lists, duplicate names, other scripts and dangling references', () => {
    const all = bodiesOf(catalog);
    expect(Math.max(...lengthsOf(all, 'settings'))).toBeGreaterThan(25);
    expect(Math.max(...lengthsOf(all, 'assignments'))).toBeGreaterThan(25);
    const names = all.map(({ name }) => name);
    expect(new Set(names).size).toBeLessThan(names.length);
    expect(names.some((name) => /\p{Script=Arabic}/u.test(String(name)))).toBe(true);
    const text = JSON.stringify(objects);
    expect(text).toContain('"source":"policySets"');
    expect(text).toContain('SecretSettingValue');
    expect(text).toContain('"isEncrypted":true');
    const templates = bodiesOf('/deviceManagement/notificationMessageTemplates');
    const known = new Set(templates.map(({ id }) => id));
    const used = [...text.matchAll(/"notificationTemplateId":"((?!0{8})[^"]+)"/g)];
    expect(used.some(([, id]) => known.has(id))).toBe(true);
    expect(used.some(([, id]) => !known.has(id))).toBe(true);
    const whole = JSON.stringify(generateTenant({ policies, seed: 7, dangling: false }));
    const kept = [...whole.matchAll(/"notificationTemplateId":"((?!0{8})[^"]+)"/g)];
    expect(kept.every(([, id]) => known.has(id))).toBe(true);
  });
});
