import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { findPolicyType } from '#domain/policy-types/catalogue.ts';
import { capturePolicy } from '#graph/capture/capture-policy.ts';
import { elementSetHash } from '#graph/capture/element-set-hash.ts';
import { serveTexts } from '#test/graph/support/collections.ts';
import { json, withFakeGraph, type FakeGraph } from '#test/graph/support/fake-graph.ts';

const catalogPolicy = findPolicyType('settingsCatalogPolicy')!;
const compliance = findPolicyType('compliancePolicy')!;
const profile = findPolicyType('deviceConfiguration')!;
const template = findPolicyType('administrativeTemplate')!;
const id = '0f8fad5b-d9cb-469f-a165-70867728950e';
const policyPath = `${catalogPolicy.collection}/${id}`;
const expanded = '?$expand=settings,assignments';

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `{"id":"${index}","n":1.0}`);
}

function pathsOf(fake: FakeGraph): string[] {
  return fake.requests.map(({ path }) => decodeURIComponent(path).replace('/beta', ''));
}

describe('expansions in the item', () => {
  // Catches: expansions changed by a parser, left in the item, or read a second time.
  it('a capture cuts expansions out of one answer byte for byte', async () => {
    const answer =
      `{ "@odata.context":"c", "id":"${id}" ,"settings@odata.context":"s", "settings" : [ {"id":"0","n":1.0},\n{"__proto__":9007199254740993} ],` +
      ` "big":9007199254740993, "settingCount":2,"assignments":[{ "id":"a" }], "name":"A" }`;
    await withFakeGraph(serveTexts({ [policyPath]: answer }, {}), async (fake) => {
      const captured = await capturePolicy(fake.reader(), catalogPolicy, id);
      expect(captured.document).toBe(
        `{"item":{ "@odata.context":"c", "id":"${id}","big":9007199254740993, "settingCount":2,"name":"A" },` +
          `"children":{"settings":[{"id":"0","n":1.0},{"__proto__":9007199254740993}]},"assignments":[{ "id":"a" }]}`,
      );
      expect(captured).toMatchObject({ requests: 1, complete: true, warnings: [] });
      expect(captured.assignmentsHash).toBe(elementSetHash(['{"id":"a"}']));
      expect(pathsOf(fake)).toEqual([`${policyPath}${expanded}`]);
    });
  });

  // Catches: a policy whole in Graph but truncated in the backup, for each way Graph truncates.
  it.each([
    ['settings', 'with a link to more', 3, ',"settings@odata.nextLink":"http://x/"', 2, 0],
    ['settings', 'that are fewer than counted', 3, '', 2, 0],
    ['settings', 'that are absent', 3, '', null, 0],
    ['assignments', 'with a link to more', 0, ',"assignments@odata.nextLink":"http://x/"', 0, 2],
    ['assignments', 'that end where a page would', 0, '', 0, 20],
    ['assignments', 'that are absent', 0, '', 0, null],
  ])(
    'a capture reads an unproved expansion again by itself: %s %s',
    async (name, _, count, note, settings, assignments) => {
      const whole = { settings: numbered(count), assignments: numbered(27) };
      const parts = [
        ...(settings === null
          ? []
          : [`"settings":[${whole.settings.slice(0, settings).join(',')}]`]),
        ...(assignments === null
          ? []
          : [`"assignments":[${whole.assignments.slice(0, assignments).join(',')}]`]),
      ];
      const answer = `{"id":"${id}","settingCount":${count},${parts.join(',')}${note}}`;
      const server = serveTexts(
        { [policyPath]: answer },
        {
          [`${policyPath}/settings`]: whole.settings,
          [`${policyPath}/assignments`]: whole.assignments,
        },
        10,
      );
      await withFakeGraph(server, async (fake) => {
        const captured = await capturePolicy(fake.reader(), catalogPolicy, id);
        expect(captured.complete).toBe(true);
        const { children, assignments: assigned } = JSON.parse(captured.document) as {
          children: { settings: unknown[] };
          assignments: unknown[];
        };
        expect(children.settings).toHaveLength(count);
        if (name === 'assignments') expect(assigned).toHaveLength(27);
        const own = pathsOf(fake).filter((path) => path.startsWith(`${policyPath}/${name}`));
        expect(own).toHaveLength(name === 'assignments' ? 3 : 1);
        expect(captured.document).not.toContain('nextLink');
      });
    },
  );

  // Catches: a capture that fails in a cloud without one of the expansions.
  it('a capture reads children and assignments by themselves if Graph refuses to expand them', async () => {
    const texts = serveTexts(
      { [policyPath]: `{"id":"${id}","settingCount":2}` },
      { [`${policyPath}/settings`]: numbered(2), [`${policyPath}/assignments`]: numbered(1) },
    );
    const server = (request: IncomingMessage, response: ServerResponse): void => {
      if (!request.url?.includes('expand')) return texts(request, response);
      json(response, 400, { error: { code: 'BadRequest', message: 'no such property' } });
    };
    await withFakeGraph(server, async (fake) => {
      const captured = await capturePolicy(fake.reader(), catalogPolicy, id);
      expect(captured).toMatchObject({ complete: true, requests: 3 });
      expect(captured.document).toContain(numbered(2).join(','));
    });
  });

  it('a truncated expansion without a path of its own leaves the policy incomplete', async () => {
    const path = `${compliance.collection}/${id}`;
    const item = `{"id":"${id}","scheduledActionsForRule":[{"id":"r"}],"scheduledActionsForRule@odata.nextLink":"http://x/","assignments":[]}`;
    await withFakeGraph(serveTexts({ [path]: item }, {}), async (fake) => {
      expect(await capturePolicy(fake.reader(), compliance, id)).toMatchObject({
        complete: false,
        warnings: [{ code: 'expansion_truncated' }],
      });
    });
  });

  it('a capture omits the assignments on request', async () => {
    const item = `{"id":"${id}","settingCount":0,"settings":[]}`;
    await withFakeGraph(serveTexts({ [policyPath]: item }, {}), async (fake) => {
      const captured = await capturePolicy(fake.reader(), catalogPolicy, id, {
        assignments: 'omit',
      });
      expect(captured.assignmentsHash).toBeNull();
      expect(captured.document).toContain('"assignments":null');
      expect(pathsOf(fake)).toEqual([`${policyPath}?$expand=settings`]);
    });
  });
});

describe('children of one derived type', () => {
  const type = '#microsoft.graph.windows81SCEPCertificateProfile';
  const path = `${profile.collection}/${id}`;
  const link = `${path}/microsoft.graph.windows81SCEPCertificateProfile/rootCertificate`;
  const item = `{"id":"${id}","@odata.type":"${type}","lastModifiedDateTime":"2026-03-01T10:00:00Z","assignments":[]}`;
  const root = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

  // Catches: a certificate profile restored without its link, or taken for unchanged after a change of its link.
  it("a SCEP profile's capture contains its root certificate as child and reference", async () => {
    const server = serveTexts({ [path]: item, [link]: `{"id":"${root}"}` }, {});
    await withFakeGraph(server, async (fake) => {
      const captured = await capturePolicy(fake.reader(), profile, id);
      expect(captured.document).toContain(`"children":{"rootCertificate":{"id":"${root}"}}`);
      expect(captured.references).toEqual([{ policyType: 'deviceConfiguration', graphId: root }]);
      expect(captured).toMatchObject({ complete: true, revision: null });
    });
  });

  it.each([
    [404, true, []],
    [204, true, []],
    [400, false, ['part_unavailable']],
  ])(
    'a SCEP profile without a root certificate is captured: status %i',
    async (status, complete, warnings) => {
      const texts = serveTexts({ [path]: item }, {});
      const server = (request: IncomingMessage, response: ServerResponse): void => {
        if (!decodeURIComponent(request.url ?? '').includes(link)) return texts(request, response);
        if (status === 204) response.writeHead(204).end();
        else json(response, status, { error: { code: 'Refused' } });
      };
      await withFakeGraph(server, async (fake) => {
        const captured = await capturePolicy(fake.reader(), profile, id);
        expect(captured.complete).toBe(complete);
        expect(captured.warnings.map(({ code }) => code)).toEqual(warnings);
        expect(captured.document).toContain('"rootCertificate":null');
      });
    },
  );

  it('a profile of another derived type is captured without a root certificate request', async () => {
    const other = item.replace('windows81SCEPCertificateProfile', 'iosCustomConfiguration');
    await withFakeGraph(serveTexts({ [path]: other }, {}), async (fake) => {
      const captured = await capturePolicy(fake.reader(), profile, id);
      expect(captured.document).toContain('"children":{}');
      expect(captured.revision).toBe('["2026-03-01T10:00:00Z",null]');
      expect(fake.requests).toHaveLength(1);
    });
  });
});

describe('the order of reads in a capture', () => {
  // Catches: children read before the item. After a change in between they would be old children under the new
  // revision, and no later backup would read them again.
  it('a capture reads the item before its children, and nested children concurrently', async () => {
    const path = `${template.collection}/${id}`;
    const values = ['{"id":"v1"}', '{"id":"v2"}', '{"id":"v3"}'];
    const collections: Record<string, string[]> = { [`${path}/definitionValues`]: values };
    for (const value of ['v1', 'v2', 'v3']) {
      collections[`${path}/definitionValues/${value}/presentationValues`] = [];
    }
    const texts = serveTexts({ [path]: `{"id":"${id}","assignments":[]}` }, collections, 10);
    let inFlight = 0;
    const seen: [string, number][] = [];
    const server = (request: IncomingMessage, response: ServerResponse): void => {
      inFlight += 1;
      setTimeout(() => {
        seen.push([decodeURIComponent(request.url ?? '').replace(`/beta${path}`, ''), inFlight]);
        inFlight -= 1;
        texts(request, response);
      }, 30);
    };
    await withFakeGraph(server, async (fake) => {
      await capturePolicy(fake.reader(), template, id);
      expect(seen[0]).toEqual(['?$expand=assignments', 1]);
      expect(seen[1]).toEqual(['/definitionValues?$expand=definition', 1]);
      expect(seen[2]?.[1]).toBe(3);
    });
  });
});
