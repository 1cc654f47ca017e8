import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { actedFaults, failWrites, type WriteFault } from '#test/e2e/faults/support/write-faults.ts';
import { newestCall } from '#test/e2e/support/backups.ts';
import { itemsOf, untilEnded } from '#test/e2e/support/follow-run.ts';
import {
  backedUpTenant,
  type BackedUpTenant,
  deleteAll,
  differences,
  miscounted,
  startRestore,
} from '#test/e2e/support/restores.ts';
import { startStackUnderTest, type StackUnderTest } from '#test/e2e/support/stack-under-test.ts';
import * as estate from '#test/workflows/support/estate.ts';

/** Graph shows new objects after this time, which is shorter than the settle window of five seconds. */
const lagSeconds = 3;
const endsWithinSeconds = 150;
const limitMs = (endsWithinSeconds + 30) * 1000;
/** The limit of writes that other applications leave: less than the budget assumes. */
const writesLeft = 80;
const refusedShareMax = 0.1;

let under: StackUnderTest;

beforeAll(async () => {
  under = await startStackUnderTest({ GRAPH_BUDGET_SHARE: '100', GRAPH_SLOW_START: 'false' });
}, 120_000);
afterAll(() => under?.stop(), 60_000);

async function emptiedTenant(displayName: string, policies: number): Promise<BackedUpTenant> {
  const objects = estate.catalogPolicies(policies);
  const tenant = await backedUpTenant(under, displayName, ['settingsCatalogPolicy'], objects);
  await deleteAll(under, tenant.user, estate.paths.catalog);
  return tenant;
}

/** Restores the tenant and expects every object once, and no failed item. */
async function expectRestore(tenant: BackedUpTenant): Promise<void> {
  const run = await startRestore(tenant);
  const ended = await untilEnded(tenant.user, run.id, endsWithinSeconds);
  const items = await itemsOf(tenant.user, run.id);
  expect(items.filter(({ error }) => error !== null)).toEqual([]);
  expect(ended).toMatchObject({ status: 'succeeded', error: null });
  expect(await miscounted(under, tenant, estate.paths.catalog)).toEqual({
    ...{ duplicates: 0, missing: 0 },
  });
  expect(await differences(under, tenant)).toBe('');
}

describe('a restore', () => {
  const cut: readonly WriteFault[] = [
    { name: 'cut after the commit', share: 0.3, effect: { drop: 'after' } },
  ];

  // Catches: a search for a lost object within the replication lag, and a new object taken for deleted.
  it(
    `creates each object once while Graph shows new objects after ${lagSeconds} s and loses answers`,
    async () => {
      const tenant = await emptiedTenant('Lagging', 24);
      const { tenantId } = tenant.user;
      await under.simulator.control('PUT', '/replication', {
        ...{ tenant: tenantId, seconds: lagSeconds },
      });
      await failWrites(under, tenantId, cut);
      await expectRestore(tenant);
      const acted = await actedFaults(under, cut);
      await under.simulator.faults([]);
      process.stdout.write(`list lag of ${lagSeconds} s: ${JSON.stringify(acted)}\n`);
      expect(acted['cut after the commit']).toBeGreaterThan(3);
    },
    limitMs,
  );

  // Each 429 lowers the learned limit, and slows the tenant for a quarter of an hour.
  const throttled: readonly WriteFault[] = [
    { name: '429 with Retry-After', share: 0.3, times: 1, effect: { status: 429, retryAfter: 2 } },
    { name: '429 without', share: 0.3, times: 1, effect: { status: 429 } },
  ];

  // Catches: a refused create taken for a lost one, and a 429 that fails an item.
  it(
    'waits while Graph throttles, with and without Retry-After',
    async () => {
      const tenant = await emptiedTenant('Throttled', 6);
      await failWrites(under, tenant.user.tenantId, throttled);
      await expectRestore(tenant);
      const acted = await actedFaults(under, throttled);
      await under.simulator.faults([]);
      process.stdout.write(`429s: ${JSON.stringify(acted)}\n`);
      expect(acted).toEqual({ '429 with Retry-After': 1, '429 without': 1 });
    },
    limitMs,
  );

  // Catches: workers that keep their rate after a 429, so that each item meets a 429 of its own.
  it(
    `has under ${refusedShareMax * 100} % of its writes refused when Graph takes fewer than documented`,
    async () => {
      const tenant = await emptiedTenant('Limited', 60);
      const { tenantId } = tenant.user;
      await under.simulator.throttle({ tenant: tenantId, writes: writesLeft });
      const since = await newestCall(under);
      await expectRestore(tenant);
      const calls = await under.simulator.requests(since);
      const writes = calls.filter(
        ({ tenant: of, method, path }) =>
          of === tenantId && method !== 'GET' && !path.endsWith('$batch'),
      );
      const refused = writes.filter(({ status }) => status === 429).length;
      process.stdout.write(`${refused} of ${writes.length} writes refused with 429\n`);
      expect(refused).toBeGreaterThan(0);
      expect(refused / writes.length).toBeLessThan(refusedShareMax);
    },
    limitMs,
  );
});
