import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reconcilerId } from '#domain/run/reconciler.ts';
import type { Policy, Run, Started } from '#test/e2e/support/api-types.ts';
import {
  type ApiAnswer,
  type ApiUser,
  expectAnswer,
  wholeList,
} from '#test/e2e/support/api-user.ts';
import { crash, until, untilGraphIsCalled } from '#test/e2e/support/disturb.ts';
import { itemsOf, runToEnd, started, untilEnded, untilRun } from '#test/e2e/support/follow-run.ts';
import { capturesPath, madePolicies } from '#test/e2e/support/made-policies.ts';
import { startStackUnderTest, type StackUnderTest } from '#test/e2e/support/stack-under-test.ts';

/** By the contract, the start of a run reports within this time that Temporal is away. */
const answeredWithinMs = 10_000;
/** The longest time that a run stays active without its workflow: the reconciler rests 15 s and comes every 20 s. */
const reconciledWithinSeconds = 60;
const crashes = 4;
/** The duration of load between two crashes. */
const crashEveryMs = 1_500;
/** Longer than the interval of the heartbeats that tell an activity of its cancellation: it must not end its item. */
const slowGraphMs = 20_000;
/** The port of the discard service, on which no process listens. */
const nowhere = '127.0.0.1:9';

let under: StackUnderTest;
let operator: ApiUser;
let policies: readonly Policy[];

beforeAll(async () => {
  under = await startStackUnderTest();
  operator = await under.signIn('Alpine Ski House', 'operator');
  policies = await madePolicies(under, operator, 20);
}, 120_000);

afterAll(() => under.stop(), 60_000);

/** Starts a run while Temporal is away, and expects the contract's answer. */
async function expectDispatchFailed(starting: Promise<ApiAnswer>): Promise<void> {
  const before = performance.now();
  const answer = await starting;
  expect(performance.now() - before).toBeLessThan(answeredWithinMs);
  expect(answer.status).toBe(503);
  const problem = answer.json<{ code: string; runId: string }>();
  expect(problem.code).toBe('dispatch_failed');
  const run = await expectAnswer<Run>(operator.call('GET', `/tenants/{t}/runs/${problem.runId}`));
  expect(run).toMatchObject({ status: 'failed', error: { code: 'dispatch_failed' } });
}

describe('an outage of Temporal', () => {
  // Catches: a start that waits for ever, an answer of 202 or 500, a run left queued, and a key still taken
  // afterwards.
  it('unreachable Temporal: the start answers 503 in time and its run is failed', async () => {
    const path = capturesPath(policies[0]);
    const apart = await under.stack.spawnApi({ TEMPORAL_ADDRESS: nowhere });
    await expectDispatchFailed(operator.at(apart.url ?? '').call('POST', path, {}));
    await apart.stop();
    expect(await runToEnd(operator, path)).toMatchObject({ status: 'succeeded' });
  });

  // Catches: a start without its own time limit, and a late start that executes a failed run.
  it('hanging Temporal: the start answers 503 in time, and the run is not executed later', async () => {
    const policy = policies[1];
    const since = (await under.simulator.requests()).at(-1)?.seq ?? 0;
    under.stack.kill('temporal', 'SIGSTOP');
    try {
      await expectDispatchFailed(operator.call('POST', capturesPath(policy), {}));
    } finally {
      under.stack.kill('temporal', 'SIGCONT');
    }
    const [other] = await wholeList<Policy>(operator, '/tenants/{t}/policies');
    await runToEnd(operator, capturesPath(other));
    const calls = (await under.simulator.requests(since)).map(({ path }) => path);
    expect(calls.filter((path) => path.includes(policy?.graphId ?? ''))).toEqual([]);
    expect(await runToEnd(operator, capturesPath(policy))).toMatchObject({ status: 'succeeded' });
  });

  // Catches: a start lost with the server's memory, and a worker that does not reconnect to a new server.
  it(`${crashes} crashes of Temporal under load: every accepted run ends`, async () => {
    const accepted: string[] = [];
    const statuses = new Set<number>();
    const over = new AbortController();
    const lane = async () => {
      for (let at = 0; !over.signal.aborted; at += 1) {
        const answer = await operator.call(
          'POST',
          capturesPath(policies[at % policies.length]),
          {},
        );
        statuses.add(answer.status);
        if (answer.status === 202) accepted.push(answer.json<Started>().run.id);
      }
    };
    const running = Promise.all([lane(), lane()]);
    for (let crashed = 0; crashed < crashes; crashed += 1) {
      await sleep(crashEveryMs);
      await crash(under, 'temporal');
    }
    over.abort();
    await running;
    expect([...statuses].filter((status) => status !== 202 && status !== 503)).toEqual([]);
    expect(accepted.length).toBeGreaterThan(crashes);
    for (const id of new Set(accepted)) {
      expect(await untilEnded(operator, id)).toMatchObject({ status: 'succeeded' });
    }
  }, 120_000);
});

/** Starts a capture at an API that cannot reach Temporal, and kills that API before it gives up. */
async function startLostAfterCommit(policy: Policy | undefined): Promise<Run> {
  const apart = await under.stack.spawnApi({ TEMPORAL_ADDRESS: nowhere });
  const starting = operator.at(apart.url ?? '').call('POST', capturesPath(policy), {});
  const cut = starting.then(
    (answer) => answer.status,
    () => 'no answer',
  );
  let found: Run | undefined;
  await until('the row is committed', async () => {
    const active = await wholeList<Run>(operator, '/tenants/{t}/runs?active=true');
    found = active.find(({ target }) => target?.id === policy?.id);
    return found !== undefined;
  });
  apart.kill('SIGKILL');
  expect(await cut).toBe('no answer');
  if (found === undefined) throw new Error('there is no row');
  return found;
}

describe('the reconciler', () => {
  // Catches: a run that stays running after its workflow was terminated; a run that stays queued because the process
  // died between the commit and the start; a reconciler that does not return after an operator has terminated it.
  it('ends the run of a terminated workflow, and starts a run that was never started', async () => {
    await under.temporal.workflow.getHandle(reconcilerId).terminate('by the test');
    const [terminatedPolicy, lostPolicy] = [policies[2], policies[3]];
    await under.simulator.throttle({ latencyMs: slowGraphMs });
    const { run } = await started(operator.call('POST', capturesPath(terminatedPolicy), {}));
    await untilGraphIsCalled(under, new RegExp(terminatedPolicy?.graphId ?? ''));
    await under.temporal.workflow.getHandle(run.workflow.workflowId).terminate('by the test');
    await under.simulator.throttle({});
    const lost = await startLostAfterCommit(lostPolicy);
    expect(lost.status).toBe('queued');
    const [terminated, recovered] = await Promise.all([
      untilEnded(operator, run.id, reconciledWithinSeconds),
      untilRun(operator, lost.id, ({ status }) => status === 'succeeded', reconciledWithinSeconds),
    ]);
    expect(terminated).toMatchObject({
      status: 'failed',
      error: { code: 'workflow_terminated' },
      counts: { total: 1, skipped: 1, pending: 0 },
    });
    expect(await itemsOf(operator, run.id)).toMatchObject([{ outcome: 'skipped' }]);
    expect(recovered.workflow.runId).not.toBeNull();
    expect(await runToEnd(operator, capturesPath(terminatedPolicy))).toMatchObject({
      status: 'succeeded',
    });
  }, 150_000);
});
