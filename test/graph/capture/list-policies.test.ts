import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { findPolicyType } from '#domain/policy-types/catalogue.ts';
import { listPolicies } from '#graph/capture/list-policies.ts';
import type { PolicyPage } from '#graph/capture/listed-policy.ts';
import { serveTexts } from '#test/graph/support/collections.ts';
import { json, rejection, withFakeGraph } from '#test/graph/support/fake-graph.ts';

const scopeTag = findPolicyType('scopeTag')!;
const catalogPolicy = findPolicyType('settingsCatalogPolicy')!;
const profile = findPolicyType('deviceConfiguration')!;

const expanding = { assignments: 'expand' } as const;

async function collected(source: AsyncIterable<PolicyPage>): Promise<PolicyPage[]> {
  const found: PolicyPage[] = [];
  for await (const page of source) found.push(page);
  return found;
}

function serve(collection: string, elements: readonly unknown[]): ReturnType<typeof serveTexts> {
  return serveTexts({}, { [collection]: elements.map((element) => JSON.stringify(element)) });
}

describe('listPolicies', () => {
  it('the list yields every page, separates built-in objects, and resumes at any nextLink', async () => {
    const tags = [0, 1, 2, 3, 4].map((id) => ({
      id: String(id),
      displayName: `Tag ${id}`,
      isBuiltIn: id === 0,
    }));
    await withFakeGraph(serve(scopeTag.collection, tags), async (fake) => {
      const reader = fake.reader();
      const found = await collected(listPolicies(reader, scopeTag));
      expect(found.map(({ policies }) => policies.map(({ graphId }) => graphId))).toEqual([
        ['1'],
        ['2', '3'],
        ['4'],
      ]);
      expect(found.map(({ builtInIds }) => builtInIds.length)).toEqual([1, 0, 0]);
      const resumed = listPolicies(reader, scopeTag, { nextLink: found[0]?.nextLink ?? null });
      expect(await collected(resumed)).toEqual(found.slice(1));
      expect(found.at(-1)?.nextLink).toBeNull();
      expect(fake.requests[0]?.path).toBe(`/beta${scopeTag.collection}`);
    });
  });

  it("the list takes name, platform, type and time from the type's properties", async () => {
    const elements = [
      {
        id: 'a',
        name: 'Edge\u0000\ud800',
        displayName: 'no',
        platforms: 'windows10',
        lastModifiedDateTime: '2026-03-01T10:00:00.1234567Z',
      },
      { id: 'b', name: null, platforms: 7, lastModifiedDateTime: '0001-01-01T00:00:00Z' },
    ];
    await withFakeGraph(serve(catalogPolicy.collection, elements), async (fake) => {
      const [page] = await collected(listPolicies(fake.reader(), catalogPolicy));
      expect(page?.policies).toEqual([
        {
          graphId: 'a',
          displayName: 'Edge\ufffd\ufffd',
          platform: 'windows10',
          lastModifiedAt: '2026-03-01T10:00:00.123Z',
          odataType: null,
          revision: '["2026-03-01T10:00:00.1234567Z"]',
          assignmentsHash: null,
          capture: null,
        },
        {
          graphId: 'b',
          displayName: '',
          platform: null,
          lastModifiedAt: null,
          odataType: null,
          revision: null,
          assignmentsHash: null,
          capture: null,
        },
      ]);
    });
  });

  it("the list derives a profile's platform from its derived type", async () => {
    const platforms = {
      windows10CustomConfiguration: 'windows10',
      windowsUpdateForBusinessConfiguration: 'windows10',
      windows81SCEPCertificateProfile: 'windows81',
      iosGeneralDeviceConfiguration: 'iOS',
      macOSCustomConfiguration: 'macOS',
      androidDeviceOwnerGeneralDeviceConfiguration: 'androidEnterprise',
      androidCustomConfiguration: 'android',
      aospDeviceOwnerDeviceConfiguration: 'aosp',
      somethingOfNextYear: null,
    };
    const elements = Object.keys(platforms).map((name) => ({
      id: name,
      '@odata.type': `#microsoft.graph.${name}`,
    }));
    await withFakeGraph(serve(profile.collection, elements), async (fake) => {
      const found = await collected(listPolicies(fake.reader(), profile));
      const byId = found.flatMap(({ policies }) => policies);
      expect(Object.fromEntries(byId.map((entry) => [entry.graphId, entry.platform]))).toEqual(
        platforms,
      );
    });
  });

  // Catches: one row twice in an upsert statement; Postgres refuses it (21000).
  it('the list yields a repeated id once', async () => {
    const elements = ['a', 'a', 'a', 'b'].map((id) => ({ id }));
    await withFakeGraph(serve(profile.collection, elements), async (fake) => {
      const found = await collected(listPolicies(fake.reader(), profile));
      expect(found.flatMap(({ policies }) => policies.map(({ graphId }) => graphId))).toEqual([
        'a',
        'b',
      ]);
    });
  });

  it.each([
    [{ value: [{ displayName: 'no id' }] }, 'bad_object_id'],
    [{ value: [{ id: 7 }] }, 'bad_object_id'],
    [{ value: [{ id: '' }] }, 'bad_object_id'],
    [{ value: [{ id: '..' }] }, 'bad_object_id'],
    [{ value: [{ id: '../../users' }] }, 'bad_object_id'],
    [{ value: [{ id: 'a\u0000' }] }, 'bad_object_id'],
    [{ value: [null] }, 'bad_object_id'],
    [{ value: [['id']] }, 'bad_object_id'],
    [{ value: { id: 'a' } }, 'no_value'],
    [{ value: null }, 'no_value'],
    [{}, 'no_value'],
    [[], 'not_an_object'],
    ['{"value":[', 'malformed_json'],
    ['', 'malformed_json'],
    ['null', 'not_an_object'],
    ['{"value":[],"value":3}', 'no_value'],
    [{ value: [], '@odata.nextLink': 7 }, 'bad_next_link'],
    [{ value: [], '@odata.nextLink': ['http://127.0.0.1'] }, 'bad_next_link'],
    [{ value: [], '@odata.nextLink': '' }, 'bad_next_link'],
    [`{"value":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'nesting_too_deep'],
    [`{"value":${'[{"a":'.repeat(40)}1${'}]'.repeat(40)}}`, 'nesting_too_deep'],
  ])('the list refuses the page %j', async (body, code) => {
    await withFakeGraph(
      (_, response) => json(response, 200, body),
      async (fake) => {
        const error = await rejection(collected(listPolicies(fake.reader(), profile)));
        expect(error).toMatchObject({
          code,
          kind: code === 'nesting_too_deep' ? 'too_large' : 'invalid_response',
          requestId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
        });
        expect(fake.requests).toHaveLength(1);
      },
    );
  });

  // Catches: no loop detection, or one for self-loops only.
  it.each([1, 2, 3])('the list stops in a loop of %i pages', async (length) => {
    let served = 0;
    await withFakeGraph(
      (request, response) => {
        served += 1;
        const link = `http://${request.headers.host}/beta${profile.collection}?p=${served % length}`;
        json(response, 200, { value: [], '@odata.nextLink': link });
      },
      async (fake) => {
        const error = await rejection(collected(listPolicies(fake.reader(), profile)));
        expect(error).toMatchObject({ kind: 'invalid_response', code: 'page_loop' });
        expect(fake.requests).toHaveLength(length + 1);
      },
    );
  });

  it('the list requests no more pages after its caller stops', async () => {
    const elements = Array.from({ length: 10 }, (_, index) => ({ id: String(index) }));
    await withFakeGraph(serve(profile.collection, elements), async (fake) => {
      for await (const page of listPolicies(fake.reader(), profile)) if (page) break;
      expect(fake.requests).toHaveLength(1);
    });
  });

  // Catches: a cloud with one unknown expansion or property, taken for a cloud without the type.
  it.each([
    ['microsoft.graph.', 2],
    ['$expand', 3],
    ['$select', 4],
  ])('the list falls back to a plainer query if Graph refuses %s', async (refused, requests) => {
    const texts = serve(profile.collection, [{ id: 'a', assignments: [] }]);
    const server = (request: IncomingMessage, response: ServerResponse): void => {
      if (decodeURIComponent(request.url ?? '').includes(refused)) json(response, 400, {});
      else texts(request, response);
    };
    await withFakeGraph(server, async (fake) => {
      const [page] = await collected(listPolicies(fake.reader(), profile, expanding));
      expect(page?.policies).toMatchObject([{ graphId: 'a' }]);
      expect(fake.requests).toHaveLength(requests);
    });
  });

  it('the list reports bad_request if Graph refuses the plainest query or a nextLink', async () => {
    await withFakeGraph(
      (_, response) => json(response, 400, {}),
      async (fake) => {
        const link = `${fake.url}/beta${profile.collection}?$skiptoken=2`;
        for (const options of [expanding, { ...expanding, nextLink: link }]) {
          const list = listPolicies(fake.reader(), profile, options);
          expect(await rejection(collected(list))).toMatchObject({ kind: 'bad_request' });
        }
        expect(fake.requests).toHaveLength(5);
      },
    );
  });

  // Catches: a policy taken for unchanged by a possibly truncated part of its assignments or apps.
  it('the list has no revision and no assignmentsHash for a possibly truncated expansion', async () => {
    const protection = findPolicyType('iosAppProtection')!;
    const base = { lastModifiedDateTime: '2026-03-01T10:00:00Z', version: '"1"' };
    const many = Array.from({ length: 20 }, (_, index) => ({ id: String(index) }));
    const elements = [
      { id: 'a', ...base, apps: [{ id: 'x' }], assignments: [{ id: 'y' }] },
      { id: 'b', ...base, apps: [], assignments: [], 'assignments@odata.nextLink': 'http://x/' },
      { id: 'c', ...base, apps: many, assignments: many },
      { id: 'd', ...base },
      { id: 'e', apps: [], assignments: [] },
    ];
    await withFakeGraph(serve(protection.collection, elements), async (fake) => {
      const found = await collected(listPolicies(fake.reader(), protection, expanding));
      const known = found
        .flatMap(({ policies }) => policies)
        .map(({ assignmentsHash, graphId, revision }) => [
          graphId,
          revision !== null,
          assignmentsHash !== null,
        ]);
      expect(known).toEqual([
        ['a', true, true],
        ['b', true, false],
        ['c', false, false],
        ['d', false, false],
        ['e', false, true],
      ]);
      expect(decodeURIComponent(fake.requests[0]?.path ?? '')).toContain(
        '$expand=apps,assignments',
      );
    });
  });
});
