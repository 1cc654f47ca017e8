import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestClient } from './client.ts';
import { allPages, messageOf, startTestClient, valuesOf } from './client.ts';

const catalog = '/deviceManagement/configurationPolicies';
const settingCount = 118;

let client: TestClient;

beforeAll(async () => {
  client = await startTestClient();
  await client.seed(catalog, {
    id: 'big',
    name: 'Big',
    settings: Array.from({ length: settingCount }, (_, at) => ({
      settingInstance: { settingDefinitionId: `setting_${at}` },
    })),
  });
});

afterAll(() => client.simulator.close());

function cut(max: number | null) {
  return client.control('PUT', 'expansions', { tenant: client.tenantId, max });
}

describe('$expand in the simulator', () => {
  // Catches: an expansion paged without being told, a truncated one without a link, and a link with repeated or
  // missing entries.
  it('an expansion is whole, or truncated with a link to the rest if set so', async () => {
    const address = `${catalog}/big?$expand=settings,assignments`;
    const whole = await client.graph(address);
    expect(whole.json['settings']).toHaveLength(settingCount);
    expect(whole.json).not.toHaveProperty('settings@odata.nextLink');

    await cut(20);
    const [list] = valuesOf(await client.graph(`${catalog}?$expand=settings`));
    expect(list?.['settings']).toHaveLength(20);
    const item = (await client.graph(address)).json;
    expect(item['assignments']).toEqual([]);
    expect(item).not.toHaveProperty('assignments@odata.nextLink');
    const rest = await allPages(client, String(item['settings@odata.nextLink']));
    const all = [...(item['settings'] as unknown[]), ...rest.flatMap(valuesOf)];
    expect(all).toEqual(whole.json['settings']);

    await cut(null);
    expect((await client.graph(address)).json['settings']).toHaveLength(settingCount);
  });

  // Catches: different entries in an expansion and at the child's own path.
  it("an expansion shows the same entries as the child's own path", async () => {
    const item = await client.graph(`${catalog}/big?$expand=settings($select=id)`);
    expect((item.json['settings'] as unknown[])[0]).toEqual({ id: '0' });
    const own = await client.graph(`${catalog}/big/settings?$top=1000`);
    const expanded = await client.graph(`${catalog}/big?$expand=settings`);
    expect(expanded.json['settings']).toEqual(valuesOf(own));
  });

  // Catches: expansions accepted though Intune refuses them, in a list or alone.
  it('an expansion unsupported by Intune is refused', async () => {
    const terms = '/deviceManagement/termsAndConditions';
    await client.seed(terms, { id: 't', displayName: 'T' });
    for (const path of [terms, `${terms}/t`]) {
      const answer = await client.graph(`${path}?$expand=assignments`);
      expect(answer.status).toBe(400);
      expect(JSON.parse(messageOf(answer))).toMatchObject({ _version: 3, RetryAfter: null });
    }
    const sets = '/deviceAppManagement/policySets';
    await client.seed(sets, { id: 'p', displayName: 'P', items: [{ payloadId: 'x' }] });
    expect((await client.graph(`${sets}?$expand=items`)).status).toBe(400);
    const one = await client.graph(`${sets}/p?$expand=items,assignments`);
    expect(one.json).toMatchObject({ items: [{ payloadId: 'x' }], assignments: [] });
    expect((await client.graph(`${catalog}?$expand=nothing`)).status).toBe(400);
  });
});
