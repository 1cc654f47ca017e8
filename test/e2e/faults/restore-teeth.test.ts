import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { byHand, describedPolicy } from '#test/e2e/faults/support/described-policies.ts';
import { type Fleet, startFleet } from '#test/e2e/faults/support/fleet.ts';
import { randomBy } from '#test/e2e/faults/support/random.ts';
import { lostName, type Mutation } from '#test/e2e/faults/support/worked-item.ts';
import { actedFaults, failWrites, type WriteFault } from '#test/e2e/faults/support/write-faults.ts';
import { itemsOf, untilEnded } from '#test/e2e/support/follow-run.ts';
import {
  backedUpTenant,
  deleteAll,
  harm,
  miscounted,
  startRestore,
} from '#test/e2e/support/restores.ts';
import { startStackUnderTest, type StackUnderTest } from '#test/e2e/support/stack-under-test.ts';
import * as estate from '#test/workflows/support/estate.ts';

const deleted = 40;
const kills = 4;
const pauseMsMax = 3_000;
const workers = 2;
const slowGraphMs = 100;
const endsWithinSeconds = 120;

const faults: readonly WriteFault[] = [
  { name: 'cut after the commit', share: 0.1, effect: { drop: 'after' } },
  { name: '504, committed late', share: 0.3, effect: { drop: 'late', delayMs: 3_000 } },
];

/** RESTORE_SEED repeats the times and the victims of the kills. */
const seed = Number(process.env['RESTORE_SEED'] ?? randomInt(2 ** 31));

let under: StackUnderTest;
let runs: Fleet;
const script = 'test/e2e/faults/fixtures/half-worker.ts';

beforeAll(async () => {
  const env = { GRAPH_BUDGET_SHARE: '100', GRAPH_SLOW_START: 'false' };
  under = await startStackUnderTest(env, ['postgres', 'temporal', 'simulator', 'api']);
  runs = await startFleet(under, 'runs', 1, { script, args: ['runs'] });
}, 120_000);

afterAll(async () => {
  await runs?.stop();
  await under?.stop();
}, 60_000);

/** Deletes policies, restores them with workers that lack a safeguard, and counts the tenant's objects. */
async function duplicatesOf(mutation: Mutation): Promise<number> {
  const args = ['graph', mutation];
  const fleet = await startFleet(under, mutation.replaceAll(' ', '-'), workers, { script, args });
  try {
    const random = randomBy(seed);
    const policies = estate.catalogPolicies(deleted);
    const tenant = await backedUpTenant(under, mutation, ['settingsCatalogPolicy'], policies);
    const { user } = tenant;
    await deleteAll(under, user, estate.paths.catalog);
    await under.simulator.throttle({ tenant: user.tenantId, latencyMs: slowGraphMs });
    await failWrites(under, user.tenantId, faults);
    const run = await startRestore(tenant);
    for (let kill = 0; kill < kills; kill += 1) {
      await sleep(random() * pauseMsMax);
      await fleet.kill(random());
    }
    const ended = await untilEnded(user, run.id, endsWithinSeconds);
    const acted = await actedFaults(under, faults);
    const found = await miscounted(under, tenant, estate.paths.catalog);
    const told = { duplicates: found.duplicates, kills, ...acted, ended: ended.status };
    process.stdout.write(`RESTORE_SEED=${seed}, ${mutation}: ${JSON.stringify(told)}\n`);
    // The run looks fine from inside, which makes the fault dangerous.
    expect(ended.counts).toMatchObject({ succeeded: deleted, pending: 0 });
    expect(found.missing).toBe(0);
    return found.duplicates;
  } finally {
    await under.simulator.faults([]);
    await fleet.stop();
  }
}

describe(`the test of exactly once has teeth (RESTORE_SEED=${seed})`, () => {
  const limitMs = (endsWithinSeconds + 60) * 1000;

  it(
    'finds no duplicate with both safeguards',
    async () => {
      expect(await duplicatesOf('none')).toBe(0);
    },
    limitMs,
  );

  it(
    'finds duplicates from workers that forget their intents',
    async () => {
      expect(await duplicatesOf('forgets intents')).toBeGreaterThan(0);
    },
    limitMs,
  );

  it(
    'finds duplicates from workers that do not wait for the settle window',
    async () => {
      expect(await duplicatesOf('settles at once')).toBeGreaterThan(0);
    },
    limitMs,
  );
});

describe('an update that Graph answers but does not store', () => {
  // Catches: a success without a read after the write, and an item written again and again for hours.
  it('fails its item only', async () => {
    const args = ['graph', 'loses updates' satisfies Mutation];
    const fleet = await startFleet(under, 'loses-updates', 1, { script, args });
    try {
      const policies = ['Kept', lostName].map(describedPolicy);
      const types = ['settingsCatalogPolicy'];
      const tenant = await backedUpTenant(under, 'Losing', types, policies);
      const orders = policies.map(({ path, body }) => ({ path, id: body.id, ...byHand }));
      await harm(under, tenant.user, orders);
      const { id } = await startRestore(tenant);
      const ended = await untilEnded(tenant.user, id, endsWithinSeconds);
      expect(ended).toMatchObject({ status: 'partial', counts: { succeeded: 1, failed: 1 } });
      const items = await itemsOf(tenant.user, id);
      const lost = items.find(({ displayName }) => displayName === lostName);
      expect(lost).toMatchObject({ outcome: 'failed', error: { code: 'not_verified' } });
    } finally {
      await fleet.stop();
    }
  }, 180_000);
});
