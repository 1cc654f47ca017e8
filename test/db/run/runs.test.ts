import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asDispatcher, inTenant } from '#db/database.ts';
import {
  findActiveRunByKey,
  listStaleActiveRuns,
  requestRunCancel,
  transitionRun,
} from '#db/run/runs.ts';
import { failure } from '#domain/run/failure.ts';
import { isLegalTransition, isTerminal, runStatuses, type RunStatus } from '#domain/run/run.ts';
import { newKey, newTenant, runIn, tryInsertRun } from '#test/db/support/run-rows.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';
import { readNotificationKinds, readRun } from '#test/support/runs.ts';
import { ageRun } from '#test/workflows/support/foreign-hand.ts';

let database: TestDatabase;
let tenantId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  tenantId = await newTenant(database);
});
afterAll(() => database.drop());

type Later = Exclude<RunStatus, 'queued'>;
const later = runStatuses.filter((status): status is Later => status !== 'queued');
const pairs = runStatuses.flatMap((from) => later.map((to): [RunStatus, Later] => [from, to]));

describe('a transition in SQL', () => {
  // Catches: an update without `where status in (…)`, or with a list of its own.
  it.each(pairs)(
    'transitionRun from %s to %s obeys the table of legal transitions',
    async (from, to) => {
      const run = await runIn(database, tenantId, from);
      const moved = await inTenant(database.app.db, tenantId, (trx) =>
        transitionRun(trx, run.id, to, failure('internal_error')),
      );
      const legal = isLegalTransition(from, to);
      expect(moved?.status).toBe(legal ? to : undefined);
      const after = await readRun(database, run);
      if (!legal) expect(after).toEqual(run);
      expect(after.finished_at !== null).toBe(legal && isTerminal(to));
      expect(await readNotificationKinds(database, run)).toEqual(
        legal ? ['run.queued', `run.${to}`] : ['run.queued'],
      );
    },
  );

  // Catches: read, decide, write; each racer would then report its own end.
  it('one of several racing transitions wins', async () => {
    const run = await runIn(database, tenantId, 'running');
    const ends: Later[] = ['succeeded', 'partial', 'failed', 'canceled'];
    const moved = await Promise.all(
      ends
        .flatMap((to) => [to, to])
        .map((to) => inTenant(database.app.db, tenantId, (trx) => transitionRun(trx, run.id, to))),
    );
    const winners = moved.filter((row) => row !== undefined);
    expect(winners).toHaveLength(1);
    expect(await readRun(database, run)).toEqual(winners[0]);
    expect(await readNotificationKinds(database, run)).toHaveLength(2);
  });
});

describe('the gate of a key', () => {
  const insertAtOnce = (key: string, number: number) =>
    Promise.all(
      Array.from({ length: number }, () =>
        inTenant(database.app.db, tenantId, (trx) => tryInsertRun(trx, key)),
      ),
    );

  // Catches: the index dropped, or made without its condition.
  it('one of several racing inserts with the same key wins', async () => {
    const key = newKey();
    const rows = await insertAtOnce(key, 40);
    const inserted = rows.filter((row) => row !== undefined);
    expect(inserted).toHaveLength(1);
    const active = await inTenant(database.app.db, tenantId, (trx) => findActiveRunByKey(trx, key));
    expect(active).toEqual(inserted[0]);
  });

  // Catches: a unique index over all runs, which would forbid any repetition of work.
  it.each(runStatuses)(
    'a run in status %s shuts the gate of its key unless it has ended',
    async (status) => {
      const key = newKey();
      await runIn(database, tenantId, status, key);
      const [next] = await insertAtOnce(key, 1);
      expect(next !== undefined).toBe(isTerminal(status));
    },
  );

  // Catches: a global unique key, which would reveal one tenant's work to another.
  it('runs of two tenants with the same key are independent', async () => {
    const key = newKey();
    const other = await newTenant(database);
    await runIn(database, tenantId, 'running', key);
    const row = await inTenant(database.app.db, other, (trx) => tryInsertRun(trx, key));
    expect(row).toMatchObject({ tenant_id: other, status: 'queued' });
  });
});

describe('a cancel request', () => {
  it('requestRunCancel records the first request on an active run only', async () => {
    const request = (runId: string) =>
      inTenant(database.app.db, tenantId, (trx) => requestRunCancel(trx, runId));
    const run = await runIn(database, tenantId, 'running');
    const first = await request(run.id);
    expect(first?.cancel_requested_at).toBeInstanceOf(Date);
    expect(await request(run.id)).toEqual(first);
    const ended = await runIn(database, tenantId, 'failed');
    expect(await request(ended.id)).toBeUndefined();
    expect(await readRun(database, ended)).toEqual(ended);
  });
});

describe('stale runs', () => {
  // Catches: a run lost or repeated at the boundary of a page, and ended runs in the list.
  it('listStaleActiveRuns returns the stale runs of all tenants batch by batch', async () => {
    const other = await newTenant(database);
    const stale = [];
    for (const owner of [tenantId, other, tenantId]) {
      const run = await runIn(database, owner, 'queued');
      await ageRun(database, run);
      stale.push(run.id);
    }
    await ageRun(database, await runIn(database, tenantId, 'succeeded'));
    const fresh = await runIn(database, tenantId, 'running');
    const found: string[] = [];
    for (let after: string | null = null; ; after = found.at(-1) ?? null) {
      const options = { unchangedForSeconds: 30, after, limit: 2 };
      const batch = await asDispatcher(database.app.db, (trx) => listStaleActiveRuns(trx, options));
      found.push(...batch.map(({ id }) => id));
      if (batch.length < 2) break;
    }
    expect(found).toEqual(stale.toSorted());
    expect(found).not.toContain(fresh.id);
  });
});
