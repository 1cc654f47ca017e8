import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestClient } from './client.ts';
import { startTestClient } from './client.ts';

const configurations = '/deviceManagement/deviceConfigurations';
const catalog = '/deviceManagement/configurationPolicies';

let client: TestClient;

beforeAll(async () => {
  client = await startTestClient();
});

afterAll(() => client.simulator.close());

/** Members changed or lost by JavaScript's own parser; reads must return the same text. */
const literals = [
  '"wholeAsFraction":1.0',
  '"tooLarge":9007199254740993',
  '"negativeZero":-0',
  '"infinite":1e400',
  '"digits":0.100000000000000005',
  '"nul":"a\\u0000b"',
  '"lone":"\\ud800 and \\udc00"',
  '"escaped":"\\u0041\\/"',
  '"__proto__":{"isAdmin":true}',
  '"nested":{"__proto__":{"isAdmin":true},"constructor":1,"10":"ten","9":"nine"}',
  '"toString":null',
  '"emoji":"👩‍👩‍👧"',
];

describe('JSON in the simulator', () => {
  // Catches: bodies converted to JavaScript objects on their way in or out.
  it('a read returns exactly the seeded JSON text', async () => {
    await client.seedText(configurations, `{"id":"exact","displayName":"x",${literals.join(',')}}`);
    const item = await client.graph(`${configurations}/exact`);
    const list = await client.graph(configurations);
    for (const literal of literals) {
      expect(item.text).toContain(literal);
      expect(list.text).toContain(literal);
    }
    const stored = await client.control('GET', `tenants/${client.tenantId}/objects`);
    for (const literal of literals) expect(stored.text).toContain(literal);
    expect(Object.getPrototypeOf({})).not.toHaveProperty('isAdmin');
  });

  // Catches: child collections, mutations and writes serialized again.
  it('children, mutations and writes keep exactly the given JSON text', async () => {
    const setting = `{"id":"0","settingInstance":{${literals.join(',')}}}`;
    await client.seedText(catalog, `{"id":"children","name":"x","settings":[${setting}]}`);
    const settings = await client.graph(`${catalog}/children/settings`);
    for (const literal of literals) expect(settings.text).toContain(literal);
    await fetch(`${client.url}/_sim/tenants/${client.tenantId}/mutate`, {
      method: 'POST',
      body: `{"path":"${catalog}","id":"children","set":{"description":9007199254740993},"unset":["name"]}`,
    });
    const changed = await client.graph(`${catalog}/children`);
    expect(changed.text).toContain('"description":9007199254740993');
    expect(changed.json).not.toHaveProperty('name');
    const put = `{"name":"y","settings":[{"settingInstance":{"value":1.0}}]}`;
    await client.graph(`${catalog}/children`, { method: 'PUT', body: put });
    expect((await client.graph(`${catalog}/children/settings`)).text).toContain('"value":1.0');
  });

  // Catches: recursion by the depth of a body, and limits below the product's.
  it('a body may be 20,000 levels deep or 17 MiB large', async () => {
    const depth = 20_000;
    const deep = `${'['.repeat(depth)}1${']'.repeat(depth)}`;
    expect((await client.seedText(configurations, `{"id":"deep","deep":${deep}}`)).status).toBe(
      200,
    );
    expect((await client.graph(`${configurations}/deep`)).text).toContain(deep);
    const large = 'x'.repeat(17 * 1024 * 1024);
    const answer = await client.seedText(configurations, `{"id":"large","text":"${large}"}`);
    expect(answer.status).toBe(200);
    expect((await client.graph(`${configurations}/large`)).text.length).toBeGreaterThan(
      large.length,
    );
  });

  // Catches: invalid JSON stored, or answered with 500.
  it('invalid JSON is refused with 400', async () => {
    for (const body of ['{', '', '[1', '{"a":1,}', '\u0000']) {
      const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
      expect((await client.graph(configurations, init)).status).toBe(400);
      expect((await client.seedText(configurations, body)).status).toBe(400);
    }
  });
});
