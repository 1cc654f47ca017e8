import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createGraph } from '#graph/client.ts';
import { startSimulator, type RunningSimulator } from '#simulator/server.ts';
import { graphConfig } from '#test/graph/support/fake-graph.ts';
import { pureRestore, type PureOutcome } from '#test/graph/support/pure-restore.ts';
import { writeRound } from '#test/graph/support/write-round.ts';
import { connect } from '#test/simulator/client.ts';
import { compareTenants } from '#test/support/compare-tenants.ts';
import { damage } from '#test/support/damage-tenant.ts';
import { generateTenant, type SeedObject } from '#test/support/generated-tenant.ts';
import { listTenant } from '#test/support/tenants/tenant-object.ts';

// Runs only the planner and the writes, without runs, workflows and a database, and compares their result by an
// oracle that shares no code with them.

const options = { allowBroadAssignments: true, conditionalAccessState: 'asBackedUp' } as const;
const policies = 240;

let simulator: RunningSimulator;

beforeAll(async () => {
  simulator = await startSimulator({ sample: false });
});

afterAll(() => simulator.close());

async function tenantOf(number: number, objects: readonly SeedObject[]) {
  const id = `77777777-0000-4000-8000-${String(number).padStart(12, '0')}`;
  const client = await connect(simulator, id);
  const limits = { windowSeconds: 1, requests: 100_000, writes: 100_000 };
  await client.control('PUT', 'throttle', { ...limits, conditionalAccess: 100_000 });
  const seeded = await client.control('POST', `tenants/${id}/objects`, objects);
  if (seeded.status >= 300) throw new Error(seeded.text);
  const reader = createGraph(graphConfig(simulator.url)).readerFor(id);
  const stored = () => listTenant(simulator.url, id);
  return { id, stored, ...pureRestore(reader, writeRound(client, reader)) };
}

/** The items not restored, each with its reason. */
function troubles(outcomes: readonly PureOutcome[]): string[] {
  return outcomes
    .filter(({ plan, refused }) => plan.action === 'blocked' || refused !== null)
    .map(({ item, plan, refused }) => `${item.type.type}: ${plan.blockedBy?.code ?? refused}`);
}

describe('a restore, planned and written', () => {
  // Catches: any property, child, assignment, reference or order lost by a restore, and a second restore with writes.
  it.each([1, 2])(
    'a restore brings a damaged tenant back to its backup (seed %s)',
    async (number) => {
      const objects = generateTenant({ policies, seed: number, dangling: false, secrets: false });
      const tenant = await tenantOf(number, objects);
      const before = await tenant.stored();
      const backup = await tenant.backUp();
      const { foreign, mutations } = await damage(simulator, tenant.id, { seed: number });
      expect(mutations.length).toBeGreaterThan(80);
      const how = { sameTenant: true, groupOf: (group: string) => group, options };
      expect(troubles(await tenant.restore(backup, how))).toEqual([]);
      expect(compareTenants(before, await tenant.stored(), { foreign })).toBe('');
      const again = await tenant.restore(backup, how);
      expect(again.filter(({ writes }) => writes > 0).map(({ item }) => item.type.type)).toEqual(
        [],
      );
    },
  );

  // Catches: a source id written to the target, and any part missing in new objects.
  it('a restore makes an empty tenant equal to another one', async () => {
    const objects = generateTenant({ policies, seed: 5, dangling: false, secrets: false });
    const source = await tenantOf(10, objects);
    const there = objects.filter(({ path }) => /groups$|mobileApps$|agreements$/.test(path));
    const otherId = (id: unknown) => `${String(id).slice(0, -4)}beef`;
    const moved = there.map(({ path, body }) => {
      return { path, body: { ...body, id: otherId(body['id']), assignments: [] } };
    });
    const target = await tenantOf(11, moved);
    const before = await source.stored();
    const groupIds = before.filter(({ path }) => path === '/groups').map(({ id }) => id);
    const groups = new Map(groupIds.map((id) => [id, otherId(id)]));
    const groupOf = (id: string) => groups.get(id) ?? null;
    const how = { sameTenant: false, groupOf, options };
    const outcomes = await target.restore(await source.backUp(), how);
    // A restore does not carry every tenant's own defaults into another tenant.
    expect(troubles(outcomes)).toEqual([
      'intuneBranding: not_portable',
      ...Array.from({ length: 4 }, () => 'enrollmentConfiguration: not_portable'),
    ]);
    const allowed = { groups, defaults: false };
    expect(compareTenants(before, await target.stored(), allowed)).toBe('');
  });
});
