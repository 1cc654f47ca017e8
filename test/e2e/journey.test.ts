import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Notification, Policy } from '#test/e2e/support/api-types.ts';
import { type ApiUser, expectAnswer, wholeList } from '#test/e2e/support/api-user.ts';
import { catalogPolicyText } from '#test/e2e/support/catalog-policy.ts';
import { itemsOf, runToEnd, started, untilEnded } from '#test/e2e/support/follow-run.ts';
import {
  deepProfileText,
  hostilePolicies,
  largeScriptText,
} from '#test/e2e/support/hostile-policies.ts';
import { newestSnapshot, valueArrayText } from '#test/e2e/support/snapshots.ts';
import { startStackUnderTest, type StackUnderTest } from '#test/e2e/support/stack-under-test.ts';

const alpine = 'Alpine Ski House';
const catalogPath = '/deviceManagement/configurationPolicies';
const profilePath = '/deviceManagement/deviceConfigurations';
const scriptPath = '/deviceManagement/deviceManagementScripts';
/** Intune's default page size: the number of settings in a capture that reads one page only. */
const pageSize = 25;

let under: StackUnderTest;
let operator: ApiUser;
let reader: ApiUser;

beforeAll(async () => {
  under = await startStackUnderTest();
  operator = await under.signIn(alpine, 'operator');
  reader = await under.signIn(alpine, 'reader');
}, 120_000);

afterAll(() => under.stop(), 60_000);

/** Seeds policies, syncs them into the inventory, and returns them in the order of seeding. */
async function inInventory(
  path: string,
  type: string,
  texts: readonly string[],
): Promise<Policy[]> {
  const seeded = await under.simulator.seed(operator.tenantId, path, texts);
  const synced = await runToEnd(operator, '/tenants/{t}/inventory-syncs', { types: [type] });
  expect(synced.status).toBe('succeeded');
  const policies = await wholeList<Policy>(reader, `/tenants/{t}/policies?type=${type}`);
  return seeded.map(({ id }) => {
    const found = policies.find(({ graphId }) => graphId === id);
    if (found === undefined) throw new Error(`${id} is not in the inventory`);
    return found;
  });
}

const capturesOf = (policy: Policy) => `/tenants/{t}/policies/${policy.id}/captures`;

/** Compares a snapshot with Graph's present answer, byte for byte. */
async function expectGraphsBytes(policy: Policy, collection: string): Promise<string> {
  const snapshot = await newestSnapshot(reader, policy.id);
  const text = snapshot.contentBytes.toString('utf8');
  expect(createHash('sha256').update(snapshot.contentBytes).digest('hex')).toBe(snapshot.sha256);
  expect(snapshot.contentBytes.length).toBe(snapshot.bytes);
  expect(snapshot.complete).toBe(true);
  const item = await under.simulator.graphText(
    operator.tenantId,
    `${collection}/${policy.graphId}`,
  );
  expect(text.startsWith(`{"item":${item},"children":{`)).toBe(true);
  for (const name of Object.keys(snapshot.content.children)) {
    const path = `${collection}/${policy.graphId}/${name}?$top=1000`;
    const array = valueArrayText(await under.simulator.graphText(operator.tenantId, path));
    expect(text).toContain(`${JSON.stringify(name)}:${array}`);
  }
  return text;
}

describe('the journey of an operator', () => {
  // Catches: a sync that reads only the first page of a list, leaves out a type, or counts objects of another type.
  it('syncs a tenant, and the inventory has all its policies', async () => {
    const run = await runToEnd(operator, '/tenants/{t}/inventory-syncs');
    expect(run).toMatchObject({ status: 'succeeded', operationType: 'inventory.sync' });
    expect(run.counts.succeeded).toBe(run.counts.total);
    const stored = await under.simulator.objects(operator.tenantId);
    const policies = await wholeList<Policy>(reader, '/tenants/{t}/policies');
    for (const [path, type] of [
      [catalogPath, 'settingsCatalogPolicy'],
      [profilePath, 'deviceConfiguration'],
    ]) {
      const expected = stored.filter((object) => object.path === path).map(({ id }) => id);
      const found = policies.filter((policy) => policy.policyType === type);
      expect(found.map(({ graphId }) => graphId).sort()).toEqual(expected.sort());
    }
    expect(policies.length).toBeGreaterThan(0);
  });

  // Catches: a capture of one page of settings or assignments only, and a snapshot of another policy or run.
  it('captures a policy of several pages whole', async () => {
    const counts = { settings: pageSize * 2 + 7, assignments: pageSize + 6 };
    const text = catalogPolicyText('Of several pages', counts);
    const [policy] = await inInventory(catalogPath, 'settingsCatalogPolicy', [text]);
    if (policy === undefined) throw new Error('nothing was seeded');
    const run = await runToEnd(operator, capturesOf(policy));
    expect(run).toMatchObject({ status: 'succeeded', counts: { total: 1, succeeded: 1 } });
    expect(await itemsOf(reader, run.id)).toMatchObject([
      { policyId: policy.id, action: 'capture', outcome: 'succeeded', attempts: 1, error: null },
    ]);
    const snapshot = await newestSnapshot(reader, policy.id);
    expect(snapshot).toMatchObject({ runId: run.id, policyId: policy.id });
    const stored = await under.simulator.objects(operator.tenantId);
    const { settings, assignments } = stored.find(({ id }) => id === policy.graphId)?.body ?? {};
    expect(snapshot.content.children['settings']).toEqual(settings);
    expect(snapshot.content.assignments).toEqual(assignments);
    expect(snapshot.content.children['settings']).toHaveLength(counts.settings);
    expect(snapshot.content.assignments).toHaveLength(counts.assignments);
    await expectGraphsBytes(policy, catalogPath);
  });

  // Catches: a duplicate notification, a notification outside its transition, sent to others, or marked read for all
  // readers.
  it("notifies the operator, and no other user, once of the run's end", async () => {
    const owner = await under.signIn(alpine, 'owner');
    const run = await runToEnd(operator, '/tenants/{t}/inventory-syncs', { types: ['scopeTag'] });
    const mine = await notificationsOf(operator, run.id);
    expect(mine.map(({ kind }) => kind)).toEqual(['run.succeeded', 'run.running', 'run.queued']);
    expect(mine.every(({ readAt }) => readAt === null)).toBe(true);
    expect(await notificationsOf(owner, run.id)).toEqual([]);
    const [newest] = mine;
    const path = `/notifications/${newest?.id}/read`;
    expect((await owner.call('POST', path)).status).toBe(404);
    const read = await expectAnswer<Notification>(operator.call('POST', path));
    const again = await expectAnswer<Notification>(operator.call('POST', path));
    expect(read.readAt).not.toBeNull();
    expect(again.readAt).toBe(read.readAt);
    const unread = await notificationsOf(operator, run.id, '?unread=true');
    expect(unread.map(({ kind }) => kind)).toEqual(['run.running', 'run.queued']);
    await expectAnswer(operator.call('POST', '/notifications/read-all'));
    expect(await wholeList(operator, '/notifications?unread=true')).toEqual([]);
  });
});

function notificationsOf(user: ApiUser, runId: string, query = ''): Promise<Notification[]> {
  return wholeList<Notification>(user, `/notifications${query}`).then((all) =>
    all.filter((notification) => notification.runId === runId),
  );
}

describe('fidelity', () => {
  // Catches: any JSON.parse and JSON.stringify between Graph and the snapshot, jsonb, and merging of keys.
  it('returns byte for byte the spellings that parsers, writers and databases would change', async () => {
    for (const type of ['settingsCatalogPolicy', 'deviceConfiguration']) {
      const hostile = hostilePolicies.filter((each) => each.type === type);
      const path = hostile[0]?.path ?? '';
      const texts = hostile.map(({ text }) => text);
      const policies = await inInventory(path, type, texts);
      const runs = await Promise.all(policies.map((each) => runToEnd(operator, capturesOf(each))));
      expect(runs.map(({ status }) => status)).toEqual(runs.map(() => 'succeeded'));
      for (const [at, { spellings, what }] of hostile.entries()) {
        const policy = policies[at];
        if (policy === undefined) throw new Error(`${what} is lost`);
        const content = await expectGraphsBytes(policy, path);
        for (const spelling of spellings) expect(content).toContain(spelling);
      }
    }
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });
});

describe('policies that cannot be captured', () => {
  // Catches: a missing depth or size check (the worker dies, or a stack overflows), and a check that stops other
  // work.
  it('fails policies nested too deeply or too large, while others go on', async () => {
    const [deep] = await inInventory(profilePath, 'deviceConfiguration', [
      deepProfileText('Too deep', 100),
    ]);
    const [large] = await inInventory(scriptPath, 'powershellScript', [
      largeScriptText('Too large', 17 * 1024 * 1024),
    ]);
    const [usual] = await inInventory(catalogPath, 'settingsCatalogPolicy', [
      catalogPolicyText('Usual', { settings: 3, assignments: 1 }),
    ]);
    if (deep === undefined || large === undefined || usual === undefined) throw new Error('lost');
    const worker = under.stack.pids.worker;
    const begun = await Promise.all(
      [deep, large, usual].map((each) => started(operator.call('POST', capturesOf(each)))),
    );
    const runs = await Promise.all(begun.map(({ run }) => untilEnded(operator, run.id)));
    expect(runs.map(({ status }) => status)).toEqual(['failed', 'failed', 'succeeded']);
    for (const run of runs.slice(0, 2)) {
      const [item] = await itemsOf(reader, run.id);
      expect(item).toMatchObject({ outcome: 'failed', error: { code: 'too_large' } });
      expect(run.error?.code).toBe('too_large');
    }
    expect(under.stack.pids.worker).toBe(worker);
  });

  // Catches: a retried 404, an empty snapshot, and a policy still listed as present.
  it('reports a deleted policy as policy_gone', async () => {
    const [policy] = await inInventory(catalogPath, 'settingsCatalogPolicy', [
      catalogPolicyText('Soon gone', { settings: 1, assignments: 0 }),
    ]);
    if (policy === undefined) throw new Error('nothing was seeded');
    await under.simulator.control('POST', `/tenants/${operator.tenantId}/mutate`, {
      path: catalogPath,
      id: policy.graphId,
      delete: true,
    });
    const run = await runToEnd(operator, capturesOf(policy));
    expect(run).toMatchObject({ status: 'failed', error: { code: 'policy_gone' } });
    expect(await itemsOf(reader, run.id)).toMatchObject([
      { outcome: 'failed', error: { code: 'policy_gone' }, attempts: 1 },
    ]);
    const after = reader.call('GET', `/tenants/{t}/policies/${policy.id}`);
    expect(await expectAnswer<Policy>(after)).toMatchObject({
      present: false,
      lastSnapshotId: null,
    });
  });
});
