import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { CancelledFailure } from '@temporalio/common';
import type { RunRow } from '#db/tables.ts';
import { captureSnapshot, inventorySync } from '#domain/run/run-requests.ts';
import {
  type ActivityBench,
  callIn,
  executionId,
  startActivityBench,
} from '#test/activities/support/activity-bench.ts';
import { readItems, readNotificationKinds, readRun } from '#test/support/runs.ts';
import { addCatalogPolicy, addCustomer, seed } from '#test/workflows/support/customer.ts';
import { graphCalls, setFaults } from '#test/workflows/support/graph-calls.ts';

let bench: ActivityBench;
beforeAll(async () => {
  bench = await startActivityBench();
});
afterEach(() => setFaults(bench, []));
afterAll(() => bench.stop());

const completed = { kind: 'completed' } as const;

async function captureRun() {
  const tenantId = await addCustomer(bench);
  const { policyId } = await addCatalogPolicy(bench, tenantId);
  return { tenantId, run: await bench.insertRun(captureSnapshot(tenantId, policyId)) };
}

function begin(run: RunRow) {
  const { beginRun } = bench.activities.runState;
  return callIn(bench.attemptFor(run), () => beginRun({ runId: run.id, tenantId: run.tenant_id }));
}

async function begunCapture() {
  const { tenantId, run } = await captureRun();
  const begun = await begin(run);
  return { tenantId, run, ref: { runId: run.id, itemId: begun?.items[0]?.itemId ?? '' } };
}

function countSnapshots(run: RunRow): Promise<number> {
  const { db } = bench.database.owner;
  const rows = db.selectFrom('snapshots').select('id').where('run_id', '=', run.id).execute();
  return rows.then(({ length }) => length);
}

/** A worker whose answer to Temporal was lost after its commit repeats the activity. */
describe('an activity that is repeated after its commit', () => {
  // Catches: a second plan with other item ids for a running run.
  it('returns the items of the begun run', async () => {
    const { run } = await captureRun();
    const first = await begin(run);
    expect(await begin(run)).toEqual(first);
    expect(await readItems(bench.database, run)).toHaveLength(1);
    expect(await readNotificationKinds(bench.database, run)).toEqual(['run.queued', 'run.running']);
    expect(await readRun(bench.database, run)).toMatchObject({
      total: 1,
      workflow_run_id: executionId,
    });
  });

  // Catches: an outcome counted twice, a second snapshot, a second read of Graph.
  it('does not capture a policy twice', async () => {
    const { tenantId, run, ref } = await begunCapture();
    const { capturePolicy } = bench.activities.graph;
    await callIn(bench.attemptFor(run), () => capturePolicy(ref));
    const calls = (await graphCalls(bench, tenantId)).length;
    await callIn(bench.attemptFor(run, { attempt: 2 }), () => capturePolicy(ref));
    expect(await graphCalls(bench, tenantId)).toHaveLength(calls);
    expect(await countSnapshots(run)).toBe(1);
    expect(await readRun(bench.database, run)).toMatchObject({ succeeded: 1, failed: 0 });
    expect(await readItems(bench.database, run)).toMatchObject([{ attempts: 1 }]);
  });

  // Catches: the last outcome winning over the first.
  it('does not fail a succeeded item, and counts a failure once', async () => {
    const { run, ref } = await begunCapture();
    const { failRunItem } = bench.activities.runState;
    const failure = { code: 'graph_forbidden', context: {} } as const;
    await callIn(bench.attemptFor(run), () => bench.activities.graph.capturePolicy(ref));
    await callIn(bench.attemptFor(run), () => failRunItem({ ...ref, failure }));
    expect(await readRun(bench.database, run)).toMatchObject({ succeeded: 1, failed: 0 });

    const { run: other, ref: itsRef } = await begunCapture();
    const fail = () => failRunItem({ ...itsRef, failure });
    await Promise.all([1, 2].map((attempt) => callIn(bench.attemptFor(other, { attempt }), fail)));
    expect(await readRun(bench.database, other)).toMatchObject({ succeeded: 0, failed: 1 });
  });

  // Catches: a transition without `where status in (…)`: a late repetition would turn one end into another.
  it('ends a run once, also with another ending', async () => {
    const { run, ref } = await begunCapture();
    const { finishRun } = bench.activities.runState;
    await callIn(bench.attemptFor(run), () => bench.activities.graph.capturePolicy(ref));
    await callIn(bench.attemptFor(run), () => finishRun({ runId: run.id, ending: completed }));
    const ended = await readRun(bench.database, run);
    await callIn(bench.attemptFor(run), () =>
      finishRun({ runId: run.id, ending: { kind: 'canceled' } }),
    );
    expect(await readRun(bench.database, run)).toEqual(ended);
    expect(await begin(run)).toBeNull();
    expect(await readNotificationKinds(bench.database, run)).toHaveLength(3);
  });
});

describe('an attempt that comes too late', () => {
  // Catches: a worker that was thought dead and writes into an ended run.
  it('keeps no snapshot after the end of its run', async () => {
    const { tenantId, run, ref } = await begunCapture();
    await setFaults(bench, [{ match: { tenant: tenantId }, times: 1, effect: { delayMs: 300 } }]);
    const late = callIn(bench.attemptFor(run), () => bench.activities.graph.capturePolicy(ref));
    const ending = { kind: 'failed', failure: { code: 'workflow_lost', context: {} } } as const;
    await callIn(bench.attemptFor(run), () =>
      bench.activities.runState.finishRun({ runId: run.id, ending }),
    );
    await late;
    expect(await countSnapshots(run)).toBe(0);
    expect(await readItems(bench.database, run)).toMatchObject([
      { outcome: 'skipped', error_code: 'run_failed' },
    ]);
    expect(await readRun(bench.database, run)).toMatchObject({ status: 'failed', skipped: 1 });
  });
});

describe('an attempt that is cancelled', () => {
  // Catches: a cancellation translated into a failure of Graph, with retries or a failed item.
  it('ends as cancelled and leaves the item pending', async () => {
    const { tenantId, run, ref } = await begunCapture();
    await setFaults(bench, [{ match: { tenant: tenantId }, effect: { delayMs: 900 } }]);
    const attempt = bench.attemptFor(run);
    const ended = callIn(attempt, () => bench.activities.graph.capturePolicy(ref));
    attempt.cancel('WORKER_SHUTDOWN');
    await expect(ended).rejects.toThrow(CancelledFailure);
    expect(await readItems(bench.database, run)).toMatchObject([{ outcome: 'pending' }]);
  });
});

describe('a resume cursor', () => {
  // Catches: trust in the heartbeat details of an older version.
  it.each([undefined, 'page 2', { nextLink: 7 }, { nextLink: 'x', listedSince: 'yesterday' }])(
    'that reads %j starts the listing at its beginning',
    async (heartbeatDetails) => {
      const tenantId = await addCustomer(bench);
      const path = '/deviceManagement/roleScopeTags';
      await seed(bench, tenantId, [{ path, body: { displayName: 'A tag' } }]);
      const run = await bench.insertRun(inventorySync(tenantId, ['scopeTag']));
      const itemId = (await begin(run))?.items[0]?.itemId ?? '';
      const attempt = bench.attemptFor(run, { attempt: 2, heartbeatDetails });
      await callIn(attempt, () => bench.activities.graph.syncPolicyType({ runId: run.id, itemId }));
      expect(await graphCalls(bench, tenantId)).toHaveLength(1);
      expect(await readRun(bench.database, run)).toMatchObject({ succeeded: 1 });
    },
  );
});
