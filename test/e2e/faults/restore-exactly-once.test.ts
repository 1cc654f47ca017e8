import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  byHand,
  configurationsPath,
  describedPolicy,
  describedProfile,
} from '#test/e2e/faults/support/described-policies.ts';
import { type Fleet, startFleet } from '#test/e2e/faults/support/fleet.ts';
import { randomBy } from '#test/e2e/faults/support/random.ts';
import { actedFaults, failWrites, type WriteFault } from '#test/e2e/faults/support/write-faults.ts';
import { itemsOf, untilEnded } from '#test/e2e/support/follow-run.ts';
import {
  type BackedUpTenant,
  backedUpTenant,
  differences,
  harm,
  miscounted,
  startRestore,
} from '#test/e2e/support/restores.ts';
import { startStackUnderTest, type StackUnderTest } from '#test/e2e/support/stack-under-test.ts';
import * as estate from '#test/workflows/support/estate.ts';

const deleted = 120;
/** The number of changed policies of each of two types: the restore writes one type by PUT, the other by PATCH. */
const changed = 10;
const kills = 25;
const pauseMsMax = 2_600;
const workers = 2;
/** Slow enough for workers to die while Graph works. */
const slowGraphMs = 200;
const endsWithinSeconds = 200;

const faults: readonly WriteFault[] = [
  { name: 'cut after the commit', share: 0.1, effect: { drop: 'after' } },
  { name: '504, committed late', share: 0.1, effect: { drop: 'late', delayMs: 3_000 } },
  { name: '504', share: 0.04, effect: { status: 504 } },
  { name: '503', share: 0.04, effect: { status: 503 } },
];
/** A run with fewer faults proves too little. */
const actedMin = { 'cut after the commit': 10, '504, committed late': 10, '504': 2, '503': 2 };

/** RESTORE_SEED repeats the times and the victims of the kills. */
const seed = Number(process.env['RESTORE_SEED'] ?? randomInt(2 ** 31));

let under: StackUnderTest;
let fleet: Fleet;
let tenant: BackedUpTenant;

beforeAll(async () => {
  const env = { GRAPH_BUDGET_SHARE: '100', GRAPH_SLOW_START: 'false' };
  const parts = ['postgres', 'temporal', 'simulator', 'api'] as const;
  under = await startStackUnderTest(env, parts);
  fleet = await startFleet(under, 'killed', workers, {
    script: 'test/e2e/faults/fixtures/product-worker.ts',
    args: [],
  });
  tenant = await backedUpTenant(
    under,
    'Killed',
    ['settingsCatalogPolicy', 'deviceConfiguration'],
    [
      ...estate.catalogPolicies(deleted),
      ...Array.from({ length: changed }, (_, at) => describedPolicy(`Changed ${at}`)),
      ...Array.from({ length: changed }, (_, at) => describedProfile(`Profile ${at}`)),
    ],
  );
}, 180_000);

afterAll(async () => {
  await fleet?.stop();
  await under?.stop();
}, 60_000);

/** Changes the chosen policies and deletes all others. */
async function damage(): Promise<void> {
  const { user, before } = tenant;
  const isKept = (name: unknown) => String(name).startsWith('Changed');
  const orders = before
    .filter(({ path }) => path === estate.paths.catalog || path === configurationsPath)
    .map(({ path, id, body }) =>
      path === estate.paths.catalog && !isKept(body['name'])
        ? ({ path, id, delete: true } as const)
        : { path, id, ...byHand },
    );
  await harm(under, user, orders);
}

describe(`a restore of ${deleted} deleted policies (RESTORE_SEED=${seed})`, () => {
  // Catches: a create repeated before its outcome is known, a created object never found after a lost answer, an
  // outcome lost with a worker, and a second item, object or assignment for a second attempt.
  it(
    `creates each once, though its workers are killed ${kills} times and writes are lost, late and refused`,
    async () => {
      const { user } = tenant;
      const random = randomBy(seed);
      await damage();
      await under.simulator.throttle({ tenant: user.tenantId, latencyMs: slowGraphMs });
      await failWrites(under, user.tenantId, faults);
      const run = await startRestore(tenant);
      for (let kill = 0; kill < kills; kill += 1) {
        await sleep(random() * pauseMsMax);
        await fleet.kill(random());
      }
      const atLastKill = await user.call('GET', `/tenants/{t}/runs/${run.id}`);
      expect(atLastKill.json()).toMatchObject({ status: 'running' });
      const ended = await untilEnded(user, run.id, endsWithinSeconds);
      const acted = await actedFaults(under, faults);
      await under.simulator.faults([]);
      process.stdout.write(`RESTORE_SEED=${seed}: ${kills} kills, ${JSON.stringify(acted)}\n`);
      for (const [name, least] of Object.entries(actedMin)) {
        expect([name, (acted[name] ?? 0) >= least]).toEqual([name, true]);
      }
      const total = deleted + 2 * changed;
      expect(await miscounted(under, tenant, estate.paths.catalog)).toEqual({
        duplicates: 0,
        missing: 0,
      });
      expect(await differences(under, tenant)).toBe('');
      expect(ended.counts).toEqual({ total, pending: 0, succeeded: total, failed: 0, skipped: 0 });
      expect(ended.status).toBe('succeeded');
      const items = await itemsOf(user, run.id);
      expect(items).toHaveLength(total);
      expect(new Set(items.map(({ itemId }) => itemId)).size).toBe(total);
      expect(items.filter(({ action }) => action === 'create')).toHaveLength(deleted);
      expect(items.filter(({ action }) => action === 'update')).toHaveLength(2 * changed);
      const again = await untilEnded(user, (await startRestore(tenant)).id);
      expect(again.counts.succeeded).toBe(total);
      const actions = (await itemsOf(user, again.id)).map(({ action }) => action);
      expect(new Set(actions)).toEqual(new Set(['none']));
    },
    (endsWithinSeconds + 300) * 1000,
  );
});
