import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { diffDocuments } from '#domain/diff/diff.ts';
import { diffRulesOf } from '#domain/diff/rules.ts';
import { parseDocument } from '#domain/json/policy-document.ts';
import { policyTypes } from '#domain/policy-types/catalogue.ts';
import type { PolicyType } from '#domain/policy-types/policy-type.ts';
import { holdsMask } from '#domain/restore/masked-secrets.ts';
import { createGraph } from '#graph/client.ts';
import { startSimulator, type RunningSimulator } from '#simulator/server.ts';
import { writesBetween } from '#test/domain/support/planned-writes.ts';
import { type Damage, damagedBody } from '#test/graph/support/damaged-body.ts';
import { graphConfig, tenantId } from '#test/graph/support/fake-graph.ts';
import { type Snapshot, writeRound, type WriteRound } from '#test/graph/support/write-round.ts';
import { connect, type TestClient } from '#test/simulator/client.ts';
import { generateTenant, type SeedObject } from '#test/support/generated-tenant.ts';

// Every restorable type, in a tenant full of policies that refer to each other. The writes go over HTTP to the
// simulator, which refuses what Intune refuses.

const cases = policyTypes
  .filter(({ restore }) => restore !== null)
  .map((policyType): [string, PolicyType] => [policyType.type, policyType]);

const damages = cases.flatMap(([name, type]) =>
  (['changed', 'emptied'] as const).map((damage): [string, Damage, PolicyType] => [
    name,
    damage,
    type,
  ]),
);

const objects = generateTenant({ policies: 500, seed: 7, dangling: false });
/** Objects tried per type: the generator gives neighbours different shapes. */
const objectsMax = 10;

let simulator: RunningSimulator;
let client: TestClient;
let round: WriteRound;

beforeAll(async () => {
  simulator = await startSimulator({ sample: false });
  client = await connect(simulator, tenantId);
  const limits = {
    windowSeconds: 1,
    requests: 10_000,
    writes: 10_000,
    latencyMs: 0,
    conditionalAccess: 10_000,
  };
  await client.control('PUT', 'throttle', { tenant: tenantId, ...limits });
  await seed(objects);
  round = writeRound(client, createGraph(graphConfig(simulator.url)).readerFor(tenantId));
});

afterAll(async () => {
  await simulator.close();
});

async function seed(seeded: readonly SeedObject[]): Promise<void> {
  const answer = await client.control('POST', `tenants/${tenantId}/objects`, seeded);
  if (answer.status >= 300) throw new Error(answer.text);
}

function seedsOf({ collection }: PolicyType): readonly SeedObject[] {
  return objects.filter(({ path }) => path === collection).slice(0, objectsMax);
}

const idOf = ({ body }: SeedObject) => String(body['id']);
const snapshotOf = (document: string) => JSON.parse(document) as Snapshot;

/** True if Graph withholds a secret of the object: then no write can restore it. */
function isMasked(type: PolicyType, document: string): boolean {
  const { item, children } = parseDocument(document);
  return holdsMask([item, children], type);
}

/** True for the default objects of every tenant. */
function isInPlace({ restore }: PolicyType, document: string): boolean {
  const rule = restore?.inPlaceWhen ?? null;
  return rule !== null && snapshotOf(document).item[rule.property] === rule.equals;
}

/** Lists the differences of two documents, ignoring the parts removed by {@link comparable}. */
function differences(type: PolicyType, before: string, after: string): string[] {
  const changes = diffDocuments(
    parseDocument(comparable(type, before)),
    parseDocument(comparable(type, after)),
    diffRulesOf(type.type),
  );
  return changes.map(({ path, before: old, after: now }) => `${path}: ${old} → ${now}`);
}

/**
 * Removes from a document: the origin of assignments (it names the object's own id), assignments by a policy set,
 * properties computed by Graph, and the priority, since the target may have fewer objects to order.
 */
function comparable(type: PolicyType, document: string): string {
  const { assignments, item, ...parts } = snapshotOf(document);
  const computed = ['priority', ...(type.restore?.stripOnCreate ?? [])];
  const own = Object.entries(item).filter(([name]) => !computed.includes(name));
  const direct = assignments?.filter(({ source }) => source !== 'policySets') ?? null;
  const ofOrigin = ['id', 'source', 'sourceId'];
  const targets = direct?.map((each) =>
    Object.fromEntries(Object.entries(each).filter(([name]) => !ofOrigin.includes(name))),
  );
  return JSON.stringify({ ...parts, item: Object.fromEntries(own), assignments: targets ?? null });
}

/** Names the remaining writes except setPriority: the other objects limit how near a priority can come. */
function left(type: PolicyType, desired: string, live: string): string[] {
  const names = writesBetween(type, desired, live).map(({ name }) => name);
  return names.filter((name) => name !== 'setPriority');
}

describe('the writes of a restore', () => {
  it.each(cases)('%s: the generated tenant has objects of the type', (_, type) => {
    expect(seedsOf(type).length).toBeGreaterThan(0);
  });

  // Catches: a part missing from every write (children assumed present in a new object), properties Graph refuses on
  // create, and a write before another one it depends on.
  it.each(cases)('%s: the writes create a deleted object again', async (_, type) => {
    for (const object of seedsOf(type)) {
      const before = await round.capture(type, idOf(object));
      if (isMasked(type, before) || isInPlace(type, before)) continue;
      await round.remove(type, idOf(object));
      try {
        const id = await round.send(writesBetween(type, before, null), null);
        const after = await round.capture(type, id);
        expect(differences(type, before, after)).toEqual([]);
        expect(left(type, before, after)).toEqual([]);
        await round.remove(type, id);
      } finally {
        await seed([object]);
      }
    }
  });

  // Catches: surplus elements left over, assignments not compared, a PUT without its children, a PATCH of a fixed
  // property, and a difference written again and again.
  it.each(damages)('%s: the writes repair an object after damage: %s', async (_, damage, type) => {
    for (const object of seedsOf(type)) {
      const before = await round.capture(type, idOf(object));
      if (isMasked(type, before)) continue;
      await round.mutate(type, idOf(object), damagedBody(type, object.body, damage));
      try {
        const live = await round.capture(type, idOf(object));
        expect(left(type, before, live)).not.toEqual([]);
        await round.send(writesBetween(type, before, live), idOf(object));
        const after = await round.capture(type, idOf(object));
        expect(differences(type, before, after)).toEqual([]);
        expect(left(type, before, after)).toEqual([]);
      } finally {
        await seed([object]);
      }
    }
  });

  // Catches: a write planned without a difference.
  it.each(cases)('%s: an unchanged object needs no writes', async (_, type) => {
    for (const object of seedsOf(type)) {
      const document = await round.capture(type, idOf(object));
      expect(writesBetween(type, document, document)).toEqual([]);
    }
  });
});
