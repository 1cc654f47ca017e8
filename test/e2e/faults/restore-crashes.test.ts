import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PartName } from '#stack/stack-file.ts';
import type { Run } from '#test/e2e/support/api-types.ts';
import { crash, until } from '#test/e2e/support/disturb.ts';
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

const policies = 24;
/** Slow enough for a crash in the middle. */
const slowGraphMs = 400;
/** The number of objects created before the crash. */
const madeBefore = 4;
const crashesEach = 2;
const betweenCrashesMs = 1_500;
const endsWithinSeconds = 120;

let under: StackUnderTest;

beforeAll(async () => {
  under = await startStackUnderTest({ GRAPH_BUDGET_SHARE: '100', GRAPH_SLOW_START: 'false' });
}, 120_000);
afterAll(() => under?.stop(), 60_000);

async function emptiedTenant(displayName: string): Promise<BackedUpTenant> {
  const objects = estate.catalogPolicies(policies);
  const tenant = await backedUpTenant(under, displayName, ['settingsCatalogPolicy'], objects);
  await deleteAll(under, tenant.user, estate.paths.catalog);
  await under.simulator.throttle({ tenant: tenant.user.tenantId, latencyMs: slowGraphMs });
  return tenant;
}

/** Waits until a restore has created some of its objects. */
async function untilHalfway({ user }: BackedUpTenant): Promise<void> {
  await until('the first objects are made', async () => {
    const objects = await under.simulator.objects(user.tenantId);
    return objects.filter(({ path }) => path === estate.paths.catalog).length >= madeBefore;
  });
}

async function expectRestored(tenant: BackedUpTenant, { id }: Run): Promise<void> {
  const ended = await untilEnded(tenant.user, id, endsWithinSeconds);
  const items = await itemsOf(tenant.user, id);
  expect(items.filter(({ error }) => error !== null)).toEqual([]);
  expect(ended).toMatchObject({
    ...{ status: 'succeeded', error: null },
    counts: { total: policies, succeeded: policies, pending: 0, failed: 0, skipped: 0 },
  });
  expect(items).toHaveLength(policies);
  expect(await miscounted(under, tenant, estate.paths.catalog)).toEqual({
    ...{ duplicates: 0, missing: 0 },
  });
  expect(await differences(under, tenant)).toBe('');
  const notified = 'select kind from notifications where run_id = $1';
  const { rows } = await under.database.query(notified, [id]);
  expect(rows).toHaveLength(3);
  const audited = "select 1 from audit_events where run_id = $1 and action like 'restore.%'";
  expect((await under.database.query(audited, [id])).rows).toHaveLength(2);
}

describe('a crash in the middle of a restore', () => {
  // Catches: an item failed for good by an outage of the database, an intent committed after its write, a duplicate
  // outcome or audit event, a lost workflow, and a lock that outlives its holder.
  it.each<[string, readonly PartName[]]>([
    ['Postgres', ['postgres']],
    ['Temporal', ['temporal']],
    ['all at once', ['postgres', 'temporal', 'worker', 'api']],
  ])(
    `after ${crashesEach} crashes of %s the restore ends, and every object exists once`,
    async (title, parts) => {
      const tenant = await emptiedTenant(title);
      const run = await startRestore(tenant);
      await untilHalfway(tenant);
      for (let crashed = 0; crashed < crashesEach; crashed += 1) {
        if (crashed > 0) await sleep(betweenCrashesMs);
        await Promise.all(parts.map((part) => crash(under, part)));
      }
      await expectRestored(tenant, run);
    },
    (endsWithinSeconds + 90) * 1000,
  );
});
