import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { policyTypes } from '#domain/policy-types/catalogue.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import { capturePolicy } from '#graph/capture/capture-policy.ts';
import type { CapturedPolicy } from '#graph/capture/captured-policy.ts';
import { listPolicies } from '#graph/capture/list-policies.ts';
import type { PolicyIndexEntry } from '#graph/capture/policy-index.ts';
import { createGraph } from '#graph/client.ts';
import type { GraphReader } from '#graph/port/graph-reader.ts';
import { startSimulator, type RunningSimulator } from '#simulator/server.ts';
import { graphConfig, tenantId } from '#test/graph/support/fake-graph.ts';
import { sampledTypes, sampleOf, type Sample } from '#test/graph/support/samples.ts';

const cases = policyTypes.map((policyType): [string, PolicyType] => [policyType.type, policyType]);

const truncatable = ['compliancePolicy', 'compliancePolicyV2', 'roleDefinition'];

let simulator: RunningSimulator;
let reader: GraphReader;

beforeAll(async () => {
  simulator = await startSimulator({ sample: false });
  reader = createGraph(graphConfig(simulator.url)).readerFor(tenantId);
  await control('PUT', `/tenants/${tenantId}`, { displayName: 'Contoso' });
  const limits = {
    windowSeconds: 1,
    requests: 10_000,
    writes: 10_000,
    latencyMs: 0,
    conditionalAccess: 10_000,
  };
  await control('PUT', '/throttle', { tenant: tenantId, ...limits });
  const objects = policyTypes.map(({ collection, type }) => ({
    path: collection,
    body: sampleOf(type).body,
  }));
  await control('POST', `/tenants/${tenantId}/objects`, objects);
});

afterAll(async () => {
  await simulator.close();
});

async function control(method: string, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const url = `${simulator.url}/_sim${path}`;
  const response = await fetch(url, { method, body: JSON.stringify(body), headers });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
}

async function mutate({ collection, type }: PolicyType, set: object): Promise<void> {
  const { id } = sampleOf(type).body;
  await control('POST', `/tenants/${tenantId}/mutate`, { path: collection, id, set });
}

async function listed(policyType: PolicyType): Promise<PolicyIndexEntry> {
  const { id } = sampleOf(policyType.type).body;
  for await (const { policies } of listPolicies(reader, policyType, { assignments: 'expand' })) {
    const entry = policies.find(({ graphId }) => graphId === id);
    if (entry !== undefined) return entry;
  }
  throw new Error(`${policyType.type} ${id} is not in its list`);
}

interface Snapshot {
  readonly item: Readonly<Record<string, unknown>>;
  readonly children: Readonly<Record<string, unknown>>;
  readonly assignments: readonly Readonly<Record<string, unknown>>[] | null;
}

async function captured(policyType: PolicyType): Promise<[CapturedPolicy, Snapshot]> {
  const policy = await capturePolicy(reader, policyType, sampleOf(policyType.type).body.id);
  return [policy, JSON.parse(policy.document) as Snapshot];
}

/** Returns the members of a sample expected in the item. */
function ownMembers({ body }: Sample, { children }: PolicyType): Record<string, unknown> {
  const apart = ['assignments', ...children.map(({ name }) => name)];
  // Intune masks secrets in its answers.
  return Object.fromEntries(
    Object.entries(body).filter(([key]) => ![...apart, 'omaSettings', '@odata.type'].includes(key)),
  );
}

/** Removes from a child the parts Graph serves separately. */
function withoutNested(child: object, inner: readonly { readonly name: string }[]): object {
  if (!Array.isArray(child) || inner.length === 0) return child;
  const ids = child.map((element: { readonly id: string }) => ({ id: element.id }));
  return ids;
}

describe('each policy type of the catalogue', () => {
  it('every type has a sample in test/graph/samples, and every sample a type', () => {
    expect(sampledTypes().toSorted()).toEqual(policyTypes.map(({ type }) => type).toSorted());
  });

  // Catches: a sample without some part of its type.
  it.each(cases)(
    '%s: the sample has every child and assignment of the type',
    (type, policyType) => {
      const { body } = sampleOf(type);
      for (const { name, shape, when } of policyType.children) {
        if (when !== null) continue;
        expect(body[name]).toEqual(shape === 'object' ? expect.any(Object) : expect.any(Array));
        expect(body[name]).not.toEqual([]);
      }
      if (policyType.assignments) expect(body['assignments']).toHaveProperty('[0].target');
    },
  );

  // Catches: a wrong path, a child never requested, and an expansion left in the item or lost.
  it.each(cases)(
    '%s: the capture contains the item, its children and its assignments',
    async (type, each) => {
      const sample = sampleOf(type);
      const [policy, { assignments, children, item }] = await captured(each);
      expect(policy.warnings.map(({ code }) => code)).toEqual(sample.warnings);
      expect(policy.complete).toBe(true);
      expect(item).toMatchObject(ownMembers(sample, each));
      expect(Object.keys(item)).not.toContain('assignments');
      for (const { each: inner, expand, name, when } of each.children) {
        if (expand) expect(item).not.toHaveProperty(name);
        if (when !== null) continue;
        expect(children[name]).toMatchObject(withoutNested(sample.body[name] as object, inner));
        for (const nested of inner) {
          const byElement = Object.values(children[nested.name] as object);
          expect(byElement).not.toHaveLength(0);
          expect(byElement).not.toContain(null);
        }
      }
      if (each.assignments === null) expect(assignments).toBeNull();
      else expect(assignments).toMatchObject(sample.body['assignments'] as object[]);
    },
  );

  it.each(cases)("%s: the capture finds the policy's references", async (type, each) => {
    const [{ references }] = await captured(each);
    const found = references.map(({ graphId, policyType }) => `${policyType} ${graphId}`);
    expect(found.toSorted()).toEqual(sampleOf(type).references.toSorted());
  });

  // Catches: a list mark that never equals the capture's, so that every backup reads each policy again; and an
  // incremental type whose list cannot prove a change.
  it.each(cases)(
    '%s: revision and assignmentsHash agree between list and capture',
    async (_, each) => {
      const entry = await listed(each);
      const [policy] = await captured(each);
      expect(entry.displayName).toBe(policy.displayName);
      expect(entry.platform).toBe(policy.platform);
      expect(entry.revision === null).toBe(each.incremental.by === 'alwaysRead');
      expect(policy.revision).toBe(entry.revision);
      expect(policy.assignmentsHash).toMatch(/^[0-9a-f]{64}$/);
      if (each.assignments?.expandInList !== false) {
        expect(entry.assignmentsHash).toBe(policy.assignmentsHash);
      } else {
        expect(entry.assignmentsHash).toBeNull();
      }
    },
  );

  // Catches: changed assignments invisible in the list, since they leave the policy's timestamp unchanged.
  it.each(cases)(
    "%s: the list's assignmentsHash changes with the assignments",
    async (type, each) => {
      if (!each.assignments?.expandInList) return;
      const before = await listed(each);
      await mutate(each, { assignments: [] });
      const after = await listed(each);
      expect(after.assignmentsHash).not.toBe(before.assignmentsHash);
      await mutate(each, { assignments: sampleOf(type).body['assignments'] });
      expect((await listed(each)).assignmentsHash).toBe(before.assignmentsHash);
    },
  );

  // Catches: a revision that leaves out some content, and a child whose changes no list shows.
  it.each(cases)("%s: the list's revision changes with the policy", async (type, each) => {
    if (each.incremental.by === 'alwaysRead') return;
    const before = await listed(each);
    await mutate(each, {
      [each.nameProperty]: 'Renamed',
      lastModifiedDateTime: '2026-05-05T05:05:05Z',
    });
    expect((await listed(each)).revision).not.toBe(before.revision);
    for (const { expand, name } of each.children) {
      if (!expand?.inList) continue;
      const whole = await listed(each);
      await mutate(each, { [name]: [], lastModifiedDateTime: '2026-05-05T05:05:05Z' });
      expect((await listed(each)).revision).not.toBe(whole.revision);
      await mutate(each, { [name]: sampleOf(type).body[name] });
    }
  });

  // Catches: a truncated expansion taken for the whole. An expansion inside another one, or one without a path,
  // cannot be read again; then the capture must be incomplete.
  it.each(cases)(
    '%s: the capture is whole, or incomplete with a warning, if Graph truncates expansions',
    async (type, each) => {
      const [whole] = await captured(each);
      await control('PUT', '/expansions', { tenant: tenantId, max: 0 });
      try {
        const [policy] = await captured(each);
        const expansion = expect.objectContaining({ code: 'expansion_truncated' }) as unknown;
        if (truncatable.includes(type)) expect(policy.warnings).toContainEqual(expansion);
        else expect(policy).toEqual({ ...whole, requests: policy.requests });
        expect(policy.complete).toBe(!truncatable.includes(type));
      } finally {
        await control('PUT', '/expansions', { tenant: tenantId, max: null });
      }
    },
  );
});
