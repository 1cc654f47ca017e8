import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findPolicyType } from '#domain/policy-types/catalogue.ts';
import { capturePolicy } from '#graph/capture/capture-policy.ts';
import { listPolicies } from '#graph/capture/list-policies.ts';
import { createGraph } from '#graph/client.ts';
import type { GraphReader } from '#graph/port/graph-reader.ts';
import { startSimulator, type RunningSimulator } from '#simulator/server.ts';
import { graphConfig, rejection, tenantId } from '#test/graph/support/fake-graph.ts';

const catalogPolicy = findPolicyType('settingsCatalogPolicy')!;
const settingType = '#microsoft.graph.deviceManagementConfigurationSetting';

let simulator: RunningSimulator;
let reader: GraphReader;

beforeAll(async () => {
  simulator = await startSimulator({ sample: false });
  reader = createGraph(graphConfig(simulator.url)).readerFor(tenantId);
  await control('PUT', `/tenants/${tenantId}`, JSON.stringify({ displayName: 'Contoso' }));
});

afterAll(async () => {
  await simulator.close();
});

async function control(method: string, path: string, body: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${simulator.url}/_sim${path}`, { method, body, headers });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
}

async function seed(path: string, bodies: readonly string[]): Promise<void> {
  const objects = bodies.map((body) => `{"path":"${path}","body":${body}}`);
  await control('POST', `/tenants/${tenantId}/objects`, `[${objects.join(',')}]`);
}

function guid(index: number): string {
  return `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
}

async function idsOf(type: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { policies } of listPolicies(reader, findPolicyType(type)!)) {
    ids.push(...policies.map(({ graphId }) => graphId));
  }
  return ids;
}

interface Captured {
  item: Record<string, unknown>;
  children: Record<string, unknown>;
  assignments: { target: Record<string, unknown> }[] | null;
}

/** Seeds one object of a type, finds it in the list, and captures it. */
async function seedAndCapture(type: string, body: object): Promise<Captured> {
  const policyType = findPolicyType(type)!;
  const known = new Set(await idsOf(type));
  await seed(policyType.collection, [JSON.stringify(body)]);
  const added = (await idsOf(type)).filter((id) => !known.has(id));
  expect(added).toHaveLength(1);
  const captured = await capturePolicy(reader, policyType, added[0] ?? '');
  expect(captured.complete).toBe(true);
  return JSON.parse(captured.document) as Captured;
}

const toAllDevices = {
  target: { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' },
};

describe('Graph reads against the simulator', () => {
  // Catches: a list cut after the first page of 25, the classic loss.
  it('the list returns 120 policies once each', async () => {
    const names = Array.from({ length: 120 }, (_, index) => guid(index + 1_000));
    await seed(
      catalogPolicy.collection,
      names.map((id) => `{"id":"${id}","name":"Policy ${id}","platforms":"windows10"}`),
    );
    const ids = await idsOf('settingsCatalogPolicy');
    expect(ids.toSorted()).toEqual(names);
  });

  // Catches: a page lost or read twice, and any literal changed by a parser.
  it('a capture keeps the literals of 60 settings and 31 assignments', async () => {
    const settings = Array.from(
      { length: 60 },
      (_, index) =>
        `{"@odata.type":"${settingType}","id":"${index}","settingInstance":{"n":9007199254740993,` +
        `"one":1.0,"__proto__":{"x":${index}},"text":"\\u0000 \\ud800"}}`,
    );
    const assignments = Array.from(
      { length: 31 },
      (_, index) =>
        `{"id":"${guid(1)}_${guid(index)}","source":"direct","sourceId":"${guid(1)}","target":` +
        `{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"${guid(index)}",` +
        `"deviceAndAppManagementAssignmentFilterId":null,` +
        `"deviceAndAppManagementAssignmentFilterType":"none"}}`,
    );
    await seed(catalogPolicy.collection, [
      `{"id":"${guid(1)}","name":"Large","platforms":"windows10",` +
        `"settings":[${settings.join(',')}],"assignments":[${assignments.join(',')}]}`,
    ]);
    const captured = await capturePolicy(reader, catalogPolicy, guid(1));
    expect(captured).toMatchObject({ displayName: 'Large', complete: true, warnings: [] });
    expect(captured.document).toContain(`"children":{"settings":[${settings.join(',')}]}`);
    expect(captured.document).toContain(`"assignments":[${assignments.join(',')}]}`);
  });

  // Catches: paging by our own $top instead of the service's page size.
  it('a capture follows the pages of 25 chosen by Intune', async () => {
    const plain = {
      ...catalogPolicy,
      children: catalogPolicy.children.map((child) => ({ ...child, query: null, expand: null })),
      assignments: { ...catalogPolicy.assignments!, expandInItem: false },
    };
    const ours = await capturePolicy(reader, catalogPolicy, guid(1));
    const paged = await capturePolicy(reader, plain, guid(1));
    expect(paged.document).toBe(ours.document);
    expect(paged.requests).toBe(1 + 3 + 2);
  });

  it.each([
    ['powershellScript', { displayName: 'Script', scriptContent: 'ZWNobw==' }],
    ['remediation', { displayName: 'Remedy', detectionScriptContent: 'ZWNobw==' }],
    ['deviceConfiguration', { displayName: 'Wi-Fi', payload: 'ZWNobw==' }],
  ])(
    'a capture of %s contains content missing from its list, and the assignments',
    async (type, content) => {
      const { item, assignments } = await seedAndCapture(type, {
        ...content,
        '@odata.type': '#microsoft.graph.windows10CustomConfiguration',
        assignments: [toAllDevices],
      });
      expect(item).toMatchObject(content);
      expect(assignments).toEqual([expect.objectContaining({ target: expect.anything() })]);
    },
  );

  // Catches: a plain read, since it lacks the scheduled actions.
  it('a capture of a compliance policy contains its scheduled actions', async () => {
    const actions = [{ actionType: 'block', gracePeriodHours: 0 }];
    const { item, children } = await seedAndCapture('compliancePolicy', {
      '@odata.type': '#microsoft.graph.windows10CompliancePolicy',
      displayName: 'Compliance',
      scheduledActionsForRule: [{ ruleName: null, scheduledActionConfigurations: actions }],
    });
    expect(children['scheduledActionsForRule']).toMatchObject([
      { scheduledActionConfigurations: actions },
    ]);
    expect(item).not.toHaveProperty('scheduledActionsForRule');
  });

  it('a capture of an administrative template contains values with their presentations', async () => {
    const { children } = await seedAndCapture('administrativeTemplate', {
      displayName: 'Edge',
      definitionValues: [
        { id: 'dv1', enabled: true, presentationValues: [{ id: 'pv1', value: 'x' }] },
        { id: 'dv2', enabled: false },
      ],
    });
    expect(children).toMatchObject({
      definitionValues: [{ id: 'dv1' }, { id: 'dv2' }],
      presentationValues: { dv1: [{ id: 'pv1', value: 'x' }], dv2: [] },
    });
  });

  it('a capture of filters and scope tags succeeds, and the list counts the built-in tag separately', async () => {
    const rule = '(device.osVersion -startsWith "10")';
    const filter = await seedAndCapture('assignmentFilter', { displayName: 'F', rule });
    expect(filter).toMatchObject({ item: { rule }, children: {}, assignments: null });
    const tag = await seedAndCapture('scopeTag', { displayName: 'Berlin' });
    expect(tag).toMatchObject({ item: { displayName: 'Berlin' }, assignments: [] });
    for await (const page of listPolicies(reader, findPolicyType('scopeTag')!)) {
      expect(page.builtInIds).toHaveLength(1);
    }
  });

  it('a capture warns of an OMA setting masked by Graph', async () => {
    await seed('/deviceManagement/deviceConfigurations', [
      JSON.stringify({
        id: guid(77),
        '@odata.type': '#microsoft.graph.windows10CustomConfiguration',
        omaSettings: [{ isEncrypted: true, value: 'canary-oma-secret' }],
      }),
    ]);
    const profile = findPolicyType('deviceConfiguration')!;
    const captured = await capturePolicy(reader, profile, guid(77));
    expect(captured.warnings).toEqual([{ code: 'secret_masked', message: '1 withheld by Graph' }]);
    expect(captured.document).not.toContain('canary');
  });

  it('a capture reports 403, 404, 429, 503 and a broken connection as such, after one request each', async () => {
    const path = `${catalogPolicy.collection}/${guid(1)}`;
    const effects = [
      [
        { status: 429, retryAfter: 7 },
        { kind: 'throttled', status: 429, retryAfterSeconds: 7 },
      ],
      [{ status: 503 }, { kind: 'unavailable', status: 503 }],
      [{ status: 403 }, { kind: 'forbidden', status: 403 }],
      [{ drop: 'before' }, { kind: 'network', status: null }],
    ] as const;
    for (const [effect, facts] of effects) {
      await control('PUT', '/faults', JSON.stringify([{ match: { path }, times: 1, effect }]));
      await control('DELETE', '/requests', '');
      const error = await rejection(capturePolicy(reader, catalogPolicy, guid(1)));
      expect(error).toMatchObject(facts);
      const log = JSON.parse(await logged()) as { path: string; clientRequestId: string }[];
      const rows = log.filter((row) => row.path.includes(guid(1)));
      expect(rows).toHaveLength(1);
      expect(rows[0]?.clientRequestId).toBe(error['clientRequestId']);
    }
    const gone = await rejection(capturePolicy(reader, catalogPolicy, guid(999_999)));
    expect(gone).toMatchObject({ kind: 'not_found', status: 404 });
  });

  it('a read for a tenant unknown to Entra fails with an AADSTS code', async () => {
    const stranger = createGraph(graphConfig(simulator.url)).readerFor(guid(404));
    const error = await rejection(stranger.get(catalogPolicy.collection));
    expect(error).toMatchObject({ kind: 'unauthorized', code: expect.stringMatching(/^AADSTS/) });
  });
});

async function logged(): Promise<string> {
  const response = await fetch(`${simulator.url}/_sim/requests?tenant=${tenantId}`);
  return response.text();
}
