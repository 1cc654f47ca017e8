import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Policy, Started } from '#test/e2e/support/api-types.ts';
import type { ApiUser } from '#test/e2e/support/api-user.ts';
import { crash, until } from '#test/e2e/support/disturb.ts';
import { untilEnded } from '#test/e2e/support/follow-run.ts';
import { capturesPath, madePolicies } from '#test/e2e/support/made-policies.ts';
import { startStackUnderTest, type StackUnderTest } from '#test/e2e/support/stack-under-test.ts';

const kills = 4;
/** The duration of load between two kills. */
const killEveryMs = 2_500;
const lanes = 4;
const policyCount = 40;
/** A run whose start was lost waits for the reconciler: 15 s of rest, a round every 20 s. */
const settledWithinSeconds = 75;

let under: StackUnderTest;
let operator: ApiUser;
let policies: readonly Policy[];

beforeAll(async () => {
  under = await startStackUnderTest();
  operator = await under.signIn('Alpine Ski House', 'operator');
  policies = await madePolicies(under, operator, policyCount);
}, 120_000);

afterAll(() => under.stop(), 60_000);

interface Load {
  readonly accepted: Set<string>;
  readonly statuses: Map<number, number>;
  stopped: boolean;
}

/** Starts captures and reads runs until the load stops. A missing answer fails the test. */
async function lane(load: Load, first: number): Promise<void> {
  for (let at = first; !load.stopped; at += lanes) {
    const policy = policies[at % policies.length];
    const start = await operator.call('POST', capturesPath(policy), {});
    const list = await operator.call('GET', '/tenants/{t}/runs?active=true');
    for (const { status } of [start, list]) {
      load.statuses.set(status, (load.statuses.get(status) ?? 0) + 1);
    }
    if (start.status === 202) load.accepted.add(start.json<Started>().run.id);
  }
}

describe('a database that dies', () => {
  // Catches: a 202 before the commit, a 500 or a hanging request for a broken connection, a pool that does not
  // recover, an activity that gives up while the database is away, and a row never started.
  it(`is killed ${kills} times under load, and every accepted run is there and ends`, async () => {
    const load: Load = { accepted: new Set(), statuses: new Map(), stopped: false };
    const running = Promise.all(Array.from({ length: lanes }, (_, at) => lane(load, at)));
    for (let killed = 0; killed < kills; killed += 1) {
      await sleep(killEveryMs);
      await crash(under, 'postgres');
    }
    await sleep(killEveryMs);
    load.stopped = true;
    await running;
    const statuses = [...load.statuses.keys()];
    expect(statuses.filter((status) => status >= 500 && status !== 503)).toEqual([]);
    expect(load.statuses.get(202) ?? 0).toBeGreaterThan(0);
    // Without such answers no request met the outage, and the test has shown no recovery.
    expect(load.statuses.get(503) ?? 0).toBeGreaterThan(0);
    const deadline = performance.now() + settledWithinSeconds * 1000;
    for (const id of load.accepted) {
      const run = await untilEnded(operator, id, (deadline - performance.now()) / 1000);
      expect(run.status).toBe('succeeded');
    }
    await until(
      'no run is active, accepted or not',
      async () => {
        const active = await under.database.query(
          "select 1 from runs where status in ('queued', 'running')",
        );
        return active.rows.length === 0;
      },
      settledWithinSeconds,
    );
  }, 240_000);
});
