import { describe, expect, it } from '@jest/globals';
import { findPolicyType } from '#domain/policy-types/catalogue.ts';
import { CaptureError } from '#graph/capture/capture-error.ts';
import { capturePolicy } from '#graph/capture/capture-policy.ts';
import { elementSetHash } from '#graph/capture/element-set-hash.ts';
import { serveTexts } from '#test/graph/support/collections.ts';
import { json, rejection, withFakeGraph } from '#test/graph/support/fake-graph.ts';

const catalogPolicy = findPolicyType('settingsCatalogPolicy')!;
const profile = findPolicyType('deviceConfiguration')!;
const template = findPolicyType('administrativeTemplate')!;
const filter = findPolicyType('assignmentFilter')!;
const id = '0f8fad5b-d9cb-469f-a165-70867728950e';

// Texts a parser would change or lose.
const oddities = [
  '{"id":"0","n":9007199254740993,"m":1.0,"z":-0,"e":1e400}',
  '{"id":"1","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  '{"id":"2","text":"\\u0000 \\ud800 \\u00e9 é \\/ 👩‍💻"}',
  '{ "id" : "3" ,\n\t"twice":1, "twice":2 , "toJSON":{"then":null} }',
  '{"id":"4","value":"]},[{\\"","@odata.nextLink":"http://evil.test/"}',
];

function policyServer(item: string, settings: readonly string[], assignments: readonly string[]) {
  const path = `${catalogPolicy.collection}/${id}`;
  return serveTexts(
    { [path]: item },
    { [`${path}/settings`]: settings, [`${path}/assignments`]: assignments },
  );
}

describe('capturePolicy', () => {
  // Catches: any part changed by JSON.parse and JSON.stringify, a skipped page, and keys that reach a prototype.
  it('a capture keeps every byte of item, settings and assignments over all pages', async () => {
    const item = `{ "id":"${id}", "name" : "A", "settingCount": 5, "big":9007199254740993,
      "__proto__":{"name":"no"}, "one":1.0, "platforms":"macOS" }`;
    const assignments = ['{"id":"a"}', '{"id" :"b"}', '{"id":"c","\\u0000":1.50}'];
    const seen: number[] = [];
    await withFakeGraph(policyServer(`\n ${item} \n`, oddities, assignments), async (fake) => {
      const captured = await capturePolicy(fake.reader(), catalogPolicy, id, {
        onProgress: (requests) => seen.push(requests),
      });
      expect(captured).toEqual({
        document:
          `{"item":${item},"children":{"settings":[${oddities.join(',')}]},` +
          `"assignments":[${assignments.join(',')}]}`,
        graphId: id,
        displayName: 'A',
        platform: 'macOS',
        lastModifiedAt: null,
        odataType: null,
        revision: null,
        assignmentsHash: elementSetHash(assignments),
        references: [],
        requests: 6,
        warnings: [],
        complete: true,
      });
      expect(() => JSON.parse(captured.document) as unknown).not.toThrow();
      expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
      expect(fake.requests).toHaveLength(6);
      expect(fake.requests.every(({ method }) => method === 'GET')).toBe(true);
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    });
  });

  // Catches: settings lost after the first page, the most common loss in backup tools.
  it.each([4, 6])("a capture refuses %i settings if the item's count is five", async (actual) => {
    const item = `{"id":"${id}","settingCount":5}`;
    const settings = Array.from({ length: actual }, (_, index) => `{"id":"${index}"}`);
    await withFakeGraph(policyServer(item, settings, []), async (fake) => {
      const error = await rejection(capturePolicy(fake.reader(), catalogPolicy, id));
      expect(error).toBeInstanceOf(CaptureError);
      expect(error).toMatchObject({
        code: 'setting_count_mismatch',
        retryable: true,
        context: { expected: 5, actual },
      });
    });
  });

  it('a capture warns and is incomplete if the item has no settings count', async () => {
    await withFakeGraph(policyServer(`{"id":"${id}"}`, [], []), async (fake) => {
      const captured = await capturePolicy(fake.reader(), catalogPolicy, id);
      expect(captured).toMatchObject({
        complete: false,
        warnings: [{ code: 'setting_count_missing', message: 'no settingCount' }],
      });
    });
  });

  // Catches: an expansion truncated by Graph and taken for the whole.
  it('a capture warns and is incomplete if Graph truncated an expansion inside the item', async () => {
    const path = `${profile.collection}/${id}`;
    const item = `{"id":"${id}","rules":[{"actions":[1],"actions@odata.nextLink":"http://x/"}]}`;
    const server = serveTexts({ [path]: item }, { [`${path}/assignments`]: [] });
    await withFakeGraph(server, async (fake) => {
      expect(await capturePolicy(fake.reader(), profile, id)).toMatchObject({
        complete: false,
        warnings: [{ code: 'expansion_truncated', message: '1 cut short by Graph' }],
      });
      expect(fake.requests).toHaveLength(2);
    });
  });

  it('a capture writes null for assignments of a type without them, and does not request them', async () => {
    const path = `${filter.collection}/${id}`;
    await withFakeGraph(serveTexts({ [path]: `{"id":"${id}"}` }, {}), async (fake) => {
      const captured = await capturePolicy(fake.reader(), filter, id);
      expect(captured.document).toBe(`{"item":{"id":"${id}"},"children":{},"assignments":null}`);
      expect(fake.requests).toHaveLength(1);
    });
  });

  it("a capture of an administrative template reads each definition value's presentation values", async () => {
    const path = `${template.collection}/${id}`;
    const values = ['{"id":"v1","enabled":true}', '{"id":"v2"}', '{"id":"v3"}'];
    const server = serveTexts(
      { [path]: `{"id":"${id}","displayName":"T"}` },
      {
        [`${path}/definitionValues`]: values,
        [`${path}/definitionValues/v1/presentationValues`]: ['{"id":"p1"}', '1.0', '{"id":"p3"}'],
        [`${path}/definitionValues/v2/presentationValues`]: [],
        [`${path}/definitionValues/v3/presentationValues`]: ['{"id":"p4"}'],
        [`${path}/assignments`]: [],
      },
    );
    await withFakeGraph(server, async (fake) => {
      const captured = await capturePolicy(fake.reader(), template, id);
      expect(captured.document).toBe(
        `{"item":{"id":"${id}","displayName":"T"},"children":{` +
          `"definitionValues":[${values.join(',')}],"presentationValues":{` +
          `"v1":[{"id":"p1"},1.0,{"id":"p3"}],"v2":[],"v3":[{"id":"p4"}]}},"assignments":[]}`,
      );
      expect(fake.requests.map(({ path: asked }) => decodeURIComponent(asked))).toContain(
        `/beta${path}/definitionValues/v1/presentationValues?$expand=presentation`,
      );
    });
  });

  it('a capture warns once of all secrets withheld by Graph', async () => {
    const path = `${profile.collection}/${id}`;
    const item = JSON.stringify({
      id,
      omaSettings: [
        { isEncrypted: true, value: '****', secretReferenceValueId: 'x' },
        { isEncrypted: true, value: null },
        { isEncrypted: false, value: 'plain' },
      ],
      wifi: { preSharedKey: '****' },
    });
    const server = serveTexts({ [path]: item }, { [`${path}/assignments`]: [] });
    await withFakeGraph(server, async (fake) => {
      const captured = await capturePolicy(fake.reader(), profile, id);
      expect(captured.warnings).toEqual([
        { code: 'secret_masked', message: '3 withheld by Graph' },
      ]);
      expect(captured.complete).toBe(true);
    });
    const settings = [
      '{"settingInstance":{"simpleSettingValue":{"value":"x","valueState":"encryptedValueToken"}}}',
      '{"settingInstance":{"simpleSettingValue":{"value":"x","valueState":"notEncrypted"}}}',
    ];
    const withToken = policyServer(`{"id":"${id}","settingCount":2}`, settings, []);
    await withFakeGraph(withToken, async (fake) => {
      const captured = await capturePolicy(fake.reader(), catalogPolicy, id);
      expect(captured.warnings).toEqual([
        { code: 'secret_masked', message: '1 withheld by Graph' },
      ]);
    });
  });

  // Catches: another object's answer stored under this id, and restored over it.
  it.each([`{"id":"other"}`, `{"name":"no id"}`])(
    'a capture refuses the item %s as another object',
    async (item) => {
      await withFakeGraph(policyServer(item, [], []), async (fake) => {
        const error = await rejection(capturePolicy(fake.reader(), catalogPolicy, id));
        expect(error).toMatchObject({ kind: 'invalid_response', code: 'wrong_object' });
      });
    },
  );

  it.each([
    '',
    '..',
    '../x',
    'a/b',
    'a?b',
    'a#b',
    'a b',
    '%2e%2e',
    'a\u0000',
    'ü',
    'a'.repeat(257),
  ])('a capture refuses the id "%s" without a request', async (graphId) => {
    await withFakeGraph(
      (_, response) => json(response, 200, '{}'),
      async (fake) => {
        const error = await rejection(capturePolicy(fake.reader(), catalogPolicy, graphId));
        expect(error).toMatchObject({ kind: 'bad_request', code: 'bad_object_id' });
        expect(fake.requests).toHaveLength(0);
      },
    );
  });

  it('a capture accepts 64 levels of nesting in item and setting, and refuses 65', async () => {
    const nested = (levels: number): string =>
      `{"id":"${id}","settingCount":1,"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    const cases: [string, string, boolean][] = [
      [nested(64), nested(64), true],
      [nested(65), nested(2), false],
      [nested(2), nested(65), false],
    ];
    for (const [item, setting, taken] of cases) {
      await withFakeGraph(policyServer(item, [setting], []), async (fake) => {
        const capture = capturePolicy(fake.reader(), catalogPolicy, id);
        if (taken) expect((await capture).document).toContain(setting);
        else expect(await rejection(capture)).toMatchObject({ code: 'nesting_too_deep' });
      });
    }
  });

  it('a capture refuses a policy with answers above the largest snapshot', async () => {
    const settings = ['"a"', '"b"', '"c"'].map((text) => text.replace(/.(?=.$)/, 'x'.repeat(15e6)));
    const server = serveTexts(
      { [`${catalogPolicy.collection}/${id}`]: `{"id":"${id}","settingCount":3}` },
      { [`${catalogPolicy.collection}/${id}/settings`]: settings },
      1,
    );
    await withFakeGraph(server, async (fake) => {
      const error = await rejection(capturePolicy(fake.reader(), catalogPolicy, id));
      expect(error).toMatchObject({ code: 'snapshot_too_large', retryable: false });
    });
  });
});
