import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '@microsoft/microsoft-graph-client';
import type { TestClient } from './client.ts';
import { allPages, startTestClient, valuesOf } from './client.ts';

const catalog = '/deviceManagement/configurationPolicies';
const policyId = '33333333-0000-4000-8000-000000000000';

let client: TestClient;

beforeAll(async () => {
  client = await startTestClient();
  await client.seed(
    catalog,
    ...Array.from({ length: 60 }, (_, index) => ({
      id: `33333333-0000-4000-8000-${String(index).padStart(12, '0')}`,
      name: `Policy ${String(index).padStart(2, '0')}`,
      settings: Array.from({ length: index === 0 ? 61 : 1 }, (_each, at) => ({
        settingInstance: { settingDefinitionId: `setting_${at}` },
      })),
      assignments: Array.from({ length: index === 0 ? 26 : 0 }, (_each, at) => ({
        target: { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId: `g${at}` },
      })),
    })),
  );
});

afterAll(() => client.simulator.close());

async function pageSizes(path: string): Promise<number[]> {
  return (await allPages(client, path)).map((page) => valuesOf(page).length);
}

describe('paging in the simulator', () => {
  // Catches: whole lists, a last page with a nextLink, and a page lost or repeated.
  it('settings catalog policies and their children come in pages of 25', async () => {
    expect(await pageSizes(catalog)).toEqual([25, 25, 10]);
    expect(await pageSizes(`${catalog}/${policyId}/settings`)).toEqual([25, 25, 11]);
    expect(await pageSizes(`${catalog}('${policyId}')/assignments`)).toEqual([25, 1]);
    const pages = await allPages(client, catalog);
    const names = pages.flatMap((page) => valuesOf(page).map(({ name }) => name));
    expect(new Set(names).size).toBe(60);
  });

  // Catches: $top ignored or taken for a total, and options lost on the second page.
  it('a list honours $top, and its nextLink repeats the query', async () => {
    const path = `${catalog}?$top=20&$select=name&$filter=startswith(name,'Policy 0') or endswith(name,'9')&$count=true`;
    const pages = await allPages(client, path);
    expect(pages.map((page) => valuesOf(page).length)).toEqual([15]);
    expect(pages[0]?.json['@odata.count']).toBe(15);
    expect(await pageSizes(`${catalog}?$top=20`)).toEqual([20, 20, 20]);
    expect(await pageSizes(`${catalog}/${policyId}/settings?top=1000`)).toEqual([61]);
    const second = (
      await allPages(client, `${catalog}?$top=40&$select=name&$orderby=name desc`)
    )[1];
    expect(valuesOf(second ?? (await client.graph(catalog)))[0]).toMatchObject({
      name: 'Policy 19',
    });
  });

  // Catches: nextLinks with another origin than the caller's, or unusable for the official client.
  it('the official Graph client can follow nextLinks', async () => {
    const official = Client.init({
      baseUrl: client.url,
      customHosts: new Set(['127.0.0.1']),
      defaultVersion: 'beta',
      authProvider: (done) => done(null, client.token),
      fetchOptions: { headers: { authorization: `Bearer ${client.token}` } },
    });
    const headers = { authorization: `Bearer ${client.token}` };
    let page = await official.api(catalog).headers(headers).get();
    let count = page.value.length;
    while (page['@odata.nextLink'] !== undefined) {
      expect(new URL(page['@odata.nextLink']).origin).toBe(client.url);
      const rest = await client.graph(page['@odata.nextLink']);
      page = rest.json;
      count += page.value.length;
    }
    expect(count).toBe(60);
  });

  // Catches: a wrong count of settings, and children inside the item.
  it('an item has the settings count, and its children only by $expand', async () => {
    const item = await client.graph(`${catalog}/${policyId}`);
    expect(item.json).toMatchObject({ settingCount: 61, isAssigned: true, name: 'Policy 00' });
    expect(item.json).not.toHaveProperty('settings');
    expect(item.json).not.toHaveProperty('assignments');
    const expanded = await client.graph(`${catalog}/${policyId}?$expand=settings,assignments`);
    expect(expanded.json['settings']).toHaveLength(61);
    expect(expanded.json['assignments']).toHaveLength(26);
  });
});
