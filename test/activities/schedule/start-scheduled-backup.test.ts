import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createStartScheduledBackup } from '#activities/schedule/start-scheduled-backup.ts';
import { DispatchFailedError, type RunStarter } from '#temporal/run/run-starter.ts';
import type { BackupSchedules } from '#temporal/schedule/backup-schedules.ts';
import { callIn } from '#test/activities/support/activity-bench.ts';
import { createRowStarter } from '#test/api/support/row-starter.ts';
import { type Customer, newCustomer } from '#test/db/support/nights.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const minuteMs = 60_000;

/** A fake of Temporal's schedules with one schedule of a given age. */
function schedulesOfAge(ageMs: number): { schedules: BackupSchedules; removed: string[] } {
  const removed: string[] = [];
  const createdAt = new Date(Date.now() - ageMs);
  const state = { paused: false, nextRunAt: null, revision: undefined, createdAt };
  const schedules = {
    put: async () => state,
    describe: async () => state,
    remove: async (id: string) => {
      removed.push(id);
    },
  };
  return { schedules, removed };
}

function fire(
  scheduleId: string,
  options: {
    readonly attempt?: number;
    readonly firingId?: string;
    readonly runs?: RunStarter;
    readonly schedules?: BackupSchedules;
  } = {},
): Promise<{ readonly runId: string | null }> {
  const { db } = database.app;
  const { runs = createRowStarter(db), schedules = schedulesOfAge(0).schedules } = options;
  const activity = createStartScheduledBackup({ db, runs, schedules });
  const runId = options.firingId ?? randomUUID();
  const attempt = new MockActivityEnvironment({
    attempt: options.attempt ?? 1,
    workflowExecution: { workflowId: 'start-a-schedule', runId },
  });
  const input = { scheduleId, tenantId: randomUUID(), revision: randomUUID() };
  return callIn(attempt, () => activity(input));
}

async function runsOf({ tenantId }: Customer): Promise<string[]> {
  const rows = await database.owner.db
    .selectFrom('runs')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .execute();
  return rows.map((row) => row.id);
}

const endRuns = ({ tenantId }: Customer) =>
  database.owner.db
    .updateTable('runs')
    .set({ status: 'succeeded' })
    .where('tenant_id', '=', tenantId)
    .execute();

const customer = () => newCustomer(database, 1, { keepLast: null, keepDays: null });

describe('a triggered schedule', () => {
  // Catches: a second backup in one night because the answer of the first attempt was lost.
  it('finds its run when repeated after the commit, also if the run has ended', async () => {
    const one = await customer();
    const firingId = randomUUID();
    const first = await fire(one.scheduleId, { firingId });
    await endRuns(one);
    expect(await fire(one.scheduleId, { firingId, attempt: 2 })).toEqual(first);
    expect(await runsOf(one)).toEqual([first.runId]);
    // The next night is another trigger.
    const next = await fire(one.scheduleId);
    expect((await runsOf(one)).sort()).toEqual([first.runId, next.runId].sort());
  });

  // Catches: hundreds of failed runs and notifications in a night without Temporal.
  it('is retried a few times if Temporal does not take its run', async () => {
    const one = await customer();
    const runs: RunStarter = {
      start: async () => {
        throw new DispatchFailedError(randomUUID());
      },
      cancel: async () => undefined,
    };
    await expect(fire(one.scheduleId, { runs, attempt: 1 })).rejects.toThrow(DispatchFailedError);
    const last = await fire(one.scheduleId, { runs, attempt: 4 }).catch((e: unknown) => e);
    expect(last).toBeInstanceOf(ApplicationFailure);
    expect(last).toMatchObject({ type: 'dispatch_failed', nonRetryable: true });
  });

  // Catches: an orphaned schedule that triggers for ever, and a removal in the moment of the creation.
  it('without a row is removed from Temporal, unless it is very young', async () => {
    const id = randomUUID();
    const [young, old] = [schedulesOfAge(9 * minuteMs), schedulesOfAge(11 * minuteMs)];
    for (const { schedules } of [young, old]) {
      expect(await fire(id, { schedules })).toEqual({ runId: null });
    }
    expect([young.removed, old.removed]).toEqual([[], [id]]);
  });
});
