import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiUser, wholeList } from '#test/e2e/support/api-user.ts';
import {
  backUp,
  type BackupSet,
  callsSince,
  compareCounts,
  newestCall,
  seedGenerated,
} from '#test/e2e/support/backups.ts';
import { newTenant } from '#test/e2e/support/new-tenant.ts';
import { startStackUnderTest, type StackUnderTest } from '#test/e2e/support/stack-under-test.ts';

const changedPolicies = 10;
const nightlyShareMax = 0.15;
const throttledShareMax = 0.05;
/** A tenth of Intune's documented limit, in its window of 20 s. */
const narrowRequests = 100;
const endsWithinSeconds = 170;
const testTimeoutMs = 180_000;

let under: StackUnderTest;
let large: ApiUser;
let ofLarge: Promise<Awaited<ReturnType<typeof backUp>>>;
let narrow: ApiUser;
let ofNarrow: typeof ofLarge;

// Three tenants in parallel, each within its own budget, so the test mostly waits.
beforeAll(async () => {
  under = await startStackUnderTest({ GRAPH_BUDGET_SHARE: '100' });
  narrow = await tenantOf(200);
  const { tenantId: tenant } = narrow;
  await under.simulator.throttle({ tenant, requests: narrowRequests, windowSeconds: 20 });
  ofNarrow = backUp(narrow, { name: 'Narrow', all: true }, endsWithinSeconds);
  large = await tenantOf(2_000);
  ofLarge = backUp(large, { name: 'Large', all: true }, endsWithinSeconds);
  // A test awaits each; an early rejection must not end the process.
  for (const backup of [ofNarrow, ofLarge]) backup.catch(() => undefined);
}, 120_000);
afterAll(() => under.stop(), 60_000);

async function tenantOf(policies: number): Promise<ApiUser> {
  const user = await newTenant(under, `Generated ${policies}`);
  await seedGenerated(under, user, policies);
  return user;
}

/** The reasons why a set is incomplete, type by type. */
const lacking = ({ manifest }: BackupSet) =>
  manifest.types.filter(
    ({ listed, captured, failed, forbidden }) => listed !== captured || failed + forbidden > 0,
  );

describe('backups of whole tenants, through the API alone', () => {
  // Catches: an incremental backup that reads too much, misses a change, or differs from a full one.
  it(
    'a second backup of 1,000 policies reads only the changes',
    async () => {
      const user = await tenantOf(1_000);
      const start = await newestCall(under);
      const first = await backUp(user, { name: 'First', all: true }, endsWithinSeconds);
      const whole = await callsSince(under, user, start);
      expect([first.run.status, lacking(first.set)]).toEqual(['succeeded', []]);
      expect(first.set.manifest.complete).toBe(true);
      const { captured, counted } = await compareCounts(under, user, first.set);
      expect(captured).toEqual(counted);
      const held = `/tenants/{t}/backup-sets/${first.set.id}/items`;
      const items = await wholeList<{ policyType: string; graphId: string }>(user, held);
      const catalog = items.filter(({ policyType }) => policyType === 'settingsCatalogPolicy');
      for (const { graphId } of catalog.slice(0, changedPolicies)) {
        const change = { path: '/deviceManagement/configurationPolicies', id: graphId };
        const set = { description: 'Changed overnight' };
        await under.simulator.control('POST', `/tenants/${user.tenantId}/mutate`, {
          ...change,
          set,
        });
      }
      const evening = await newestCall(under);
      const night = await backUp(user, { name: 'Nightly', all: true }, endsWithinSeconds);
      const calls = await callsSince(under, user, evening);
      expect(calls.length / whole.length).toBeLessThanOrEqual(nightlyShareMax);
      const full = { name: 'Full', all: true, full: true };
      const { set } = await backUp(user, full, endsWithinSeconds);
      expect(night.set.manifest).toEqual(set.manifest);
      expect(set.manifest.contentHash).not.toBe(first.set.manifest.contentHash);
    },
    testTimeoutMs,
  );

  // Catches: pages, batches or ranges lost only in large tenants.
  it(
    'a backup of 2,000 policies is complete',
    async () => {
      const { run, set } = await ofLarge;
      expect([run.status, lacking(set)]).toEqual(['succeeded', []]);
      expect(set.manifest.complete).toBe(true);
      expect(set.itemCount).toBe(run.counts.total);
      const { captured, counted } = await compareCounts(under, large, set);
      expect(captured).toEqual(counted);
    },
    testTimeoutMs,
  );

  // Catches: a budget that does not learn from 429s, and items that fail because of them.
  it(
    'a backup under a tenth of the limits is complete, with few refusals',
    async () => {
      const { run, set } = await ofNarrow;
      expect(run).toMatchObject({ status: 'succeeded', counts: { failed: 0, skipped: 0 } });
      expect(set.manifest.complete).toBe(true);
      const calls = await callsSince(under, narrow, 0);
      const refused = calls.filter(({ status }) => status === 429);
      expect(refused.length / calls.length).toBeLessThan(throttledShareMax);
    },
    testTimeoutMs,
  );
});
