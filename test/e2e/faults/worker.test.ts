import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Notification, Policy } from '#test/e2e/support/api-types.ts';
import { type ApiUser, wholeList } from '#test/e2e/support/api-user.ts';
import { crash, untilGraphIsCalled } from '#test/e2e/support/disturb.ts';
import { itemsOf, started, untilEnded } from '#test/e2e/support/follow-run.ts';
import { capturesPath, madePolicies } from '#test/e2e/support/made-policies.ts';
import { startStackUnderTest, type StackUnderTest } from '#test/e2e/support/stack-under-test.ts';

/** Slow enough to kill a worker between the calls of one policy. */
const slowGraphMs = 2_000;
/** Temporal notices a dead worker when its heartbeats are 15 s old; the time allows two kills and the work itself. */
const endsWithinSeconds = 120;

let under: StackUnderTest;
let operator: ApiUser;
let policy: Policy | undefined;

beforeAll(async () => {
  under = await startStackUnderTest();
  operator = await under.signIn('Alpine Ski House', 'operator');
  [policy] = await madePolicies(under, operator, 1);
}, 120_000);

afterAll(() => under.stop(), 60_000);

async function count(table: 'snapshots' | 'run_items' | 'runs', runId: string): Promise<number> {
  const column = table === 'runs' ? 'id' : 'run_id';
  const found = await under.database.query(`select 1 from ${table} where ${column} = $1`, [runId]);
  return found.rows.length;
}

describe('a worker', () => {
  // Catches: work done in a workflow or without a retry, an outcome or snapshot for each attempt, and notifications
  // written outside their transition.
  it('is killed twice in the middle of a capture and of a sync, and both end once', async () => {
    await under.simulator.throttle({ latencyMs: slowGraphMs });
    const starts = await Promise.all([
      started(operator.call('POST', capturesPath(policy), {})),
      started(operator.call('POST', '/tenants/{t}/inventory-syncs', {})),
    ]);
    for (let kills = 0; kills < 2; kills += 1) {
      await untilGraphIsCalled(under, new RegExp(`configurationPolicies/${policy?.graphId}`));
      await crash(under, 'worker');
    }
    const [capture, sync] = await Promise.all(
      starts.map(({ run }) => untilEnded(operator, run.id, endsWithinSeconds)),
    );
    const notifications = await wholeList<Notification>(operator, '/notifications');
    for (const run of [capture, sync]) {
      if (run === undefined) throw new Error('a run is missing');
      expect(run.status).toBe('succeeded');
      expect(run.counts).toMatchObject({ pending: 0, failed: 0, succeeded: run.counts.total });
      const items = await itemsOf(operator, run.id);
      expect(items.map(({ outcome }) => outcome)).toEqual(items.map(() => 'succeeded'));
      expect(await count('run_items', run.id)).toBe(run.counts.total);
      const kinds = notifications.filter(({ runId }) => runId === run.id).map(({ kind }) => kind);
      expect(kinds).toEqual(['run.succeeded', 'run.running', 'run.queued']);
    }
    const [item] = await itemsOf(operator, capture?.id ?? '');
    expect(item?.attempts).toBeGreaterThanOrEqual(3);
    expect(await count('snapshots', capture?.id ?? '')).toBe(1);
    expect(await count('snapshots', sync?.id ?? '')).toBe(0);
  }, 180_000);
});
