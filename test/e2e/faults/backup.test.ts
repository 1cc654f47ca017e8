import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBy } from '#test/e2e/faults/support/random.ts';
import type { ApiUser } from '#test/e2e/support/api-user.ts';
import {
  type BackupSet,
  compareCounts,
  readSet,
  seedGenerated,
} from '#test/e2e/support/backups.ts';
import { crash } from '#test/e2e/support/disturb.ts';
import { itemsOf, started, untilEnded } from '#test/e2e/support/follow-run.ts';
import { newTenant } from '#test/e2e/support/new-tenant.ts';
import { startStackUnderTest, type StackUnderTest } from '#test/e2e/support/stack-under-test.ts';

const policies = 500;
const kills = 10;
/** Slow enough for the backup to outlive all the kills. */
const slowGraphMs = 3_000;
const pauseMsMax = 2_500;
/** Temporal notices a dead worker when its heartbeats are 15 s old. */
const endsWithinSeconds = 200;

/** KILL_SEED repeats a run of this test. */
const seed = Number(process.env['KILL_SEED'] ?? randomInt(2 ** 31));

let under: StackUnderTest;
let user: ApiUser;

beforeAll(async () => {
  under = await startStackUnderTest({ GRAPH_BUDGET_SHARE: '100' });
  user = await newTenant(under, 'Killed');
  await seedGenerated(under, user, policies);
}, 120_000);
afterAll(() => under.stop(), 60_000);

async function isActive(runId: string): Promise<boolean> {
  const answer = await user.call('GET', `/tenants/{t}/runs/${runId}`).catch(() => undefined);
  const run = answer?.status === 200 ? answer.json<{ status: string }>() : undefined;
  return run === undefined || run.status === 'running' || run.status === 'queued';
}

async function count(text: string, runId: string): Promise<number> {
  const { rows } = await under.database.query<{ count: string }>(text, [runId]);
  return Number(rows[0]?.count);
}

describe(`a backup of ${policies} policies (KILL_SEED=${seed})`, () => {
  // Catches: an outcome, a snapshot or an item for each attempt, captures lost with a worker, a commit repeated
  // because it seemed lost, a manifest of half the set.
  it(
    `records one outcome per item and a complete set, though its worker and Postgres are killed ${kills} times`,
    async () => {
      const random = randomBy(seed);
      await under.simulator.throttle({ tenant: user.tenantId, latencyMs: slowGraphMs });
      const body = { name: 'Killed', all: true };
      const { run } = await started(user.call('POST', '/tenants/{t}/backup-sets', body));
      for (let kill = 0; kill < kills; kill += 1) {
        await sleep(random() * pauseMsMax);
        expect([kill, await isActive(run.id)]).toEqual([kill, true]);
        await crash(under, random() < 0.5 ? 'worker' : 'postgres');
      }
      await under.simulator.throttle({ tenant: user.tenantId, latencyMs: 0 });
      const ended = await untilEnded(user, run.id, endsWithinSeconds);
      const { total } = ended.counts;
      expect(ended.status).toBe('succeeded');
      expect(ended.counts).toEqual({ total, pending: 0, succeeded: total, failed: 0, skipped: 0 });
      expect(total).toBeGreaterThanOrEqual(policies);
      const items = await itemsOf(user, run.id);
      expect(items).toHaveLength(total);
      expect(new Set(items.map(({ outcome }) => outcome))).toEqual(new Set(['succeeded']));
      expect(new Set(items.map(({ policyId }) => policyId)).size).toBe(total);
      const snapshots = 'select count(*) from snapshots where run_id = $1';
      expect(await count(snapshots, run.id)).toBe(total);
      const set: BackupSet = await readSet(user, ended);
      expect(set.manifest.complete).toBe(true);
      expect(set.itemCount).toBe(total);
      const { captured, counted } = await compareCounts(under, user, set);
      expect(captured).toEqual(counted);
      const kinds = 'select count(*) from notifications where run_id = $1';
      expect(await count(kinds, run.id)).toBe(3);
    },
    (endsWithinSeconds + 100) * 1000,
  );
});
