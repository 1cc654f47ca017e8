import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunView } from '#api/run/run-view.ts';
import { type Kernel, startKernel } from '#test/support/kernel.ts';
import { untilEnded } from '#test/support/runs.ts';
import { until } from '#test/support/until.ts';
import { callsDuring } from '#test/workflows/support/backups.ts';
import { type Manager, managerId, startManager } from '#test/workflows/support/manager.ts';
import {
  backedUpCustomer,
  type BackedUpCustomer,
  change,
  deleteFirst,
} from '#test/workflows/support/restorable.ts';

interface Schedule {
  readonly id: string;
  readonly nextRunAt: string | null;
  readonly lastRun: RunView | null;
}

let kernel: Kernel;
let manager: Manager;
beforeAll(async () => {
  kernel = await startKernel();
  manager = await startManager(kernel);
});
afterAll(async () => {
  await manager.stop();
  await kernel.stop();
});

const daily = { name: 'Drift of Contoso', cron: '30 3 * * *', timeZone: 'Europe/Berlin' };

async function makeSchedule(customer: BackedUpCustomer): Promise<Schedule> {
  const { tenantId, backupSetId } = customer;
  await manager.join(tenantId);
  const body = { ...daily, backupSetId };
  const made = await manager.send('POST', tenantId, '/drift-schedules', body);
  expect([made.status, made.text]).toEqual([201, expect.any(String)]);
  return made.json as Schedule;
}

const inTemporal = ({ id }: Pick<Schedule, 'id'>) =>
  kernel.client.schedule.getHandle(`backup-schedule-${id}`);

/** Triggers a schedule and waits for the end of its run. */
async function fire(tenantId: string, schedule: Schedule): Promise<RunView> {
  await inTemporal(schedule).trigger();
  return until('the firing has made a run that has ended', async () => {
    const answer = await manager.send('GET', tenantId, `/drift-schedules/${schedule.id}`);
    const { lastRun } = answer.json as Schedule;
    return lastRun !== null && lastRun.finishedAt !== null && lastRun;
  });
}

describe('a drift schedule', () => {
  // Catches: a backup instead of a check, a check that writes, and a run without notifications.
  it('compares the set with the tenant at its time, without writing', async () => {
    const customer = await backedUpCustomer(kernel, 3);
    const { tenantId, backupSetId, before } = customer;
    const schedule = await makeSchedule(customer);
    const { action, info } = await inTemporal(schedule).describe();
    expect(info.nextActionTimes[0]?.toISOString()).toBe(schedule.nextRunAt);
    expect(JSON.stringify(action)).not.toMatch(/Contoso/);
    await deleteFirst(kernel, customer, 1);
    await change(kernel, tenantId, before[1]!, { description: 'by hand' });
    const { result: run, calls } = await callsDuring(kernel, tenantId, () =>
      fire(tenantId, schedule),
    );
    expect(run).toMatchObject({
      operationType: 'drift.check',
      target: { type: 'backup_set', id: backupSetId },
      initiator: { id: `schedule:${schedule.id}`, displayName: daily.name },
      counts: { total: 3 },
    });
    expect(calls.filter(({ method }) => method !== 'GET')).toEqual([]);
    const items = await manager.send('GET', tenantId, `/runs/${run.id}/items`);
    const actions = (items.json as { items: { action: string }[] }).items.map((one) => one.action);
    expect(actions.sort()).toEqual(['create', 'none', 'update']);
    const told = await kernel.database.owner.db
      .selectFrom('notifications')
      .select('principal_id')
      .where('run_id', '=', run.id)
      .execute();
    expect(new Set(told.map((row) => row.principal_id))).toEqual(new Set([managerId]));
  });

  // Catches: a second check beside a check that a person has started.
  it('joins an active check of the same set, and can be triggered', async () => {
    const customer = await backedUpCustomer(kernel, 1);
    const { tenantId } = customer;
    const schedule = await makeSchedule(customer);
    const path = `/drift-schedules/${schedule.id}/trigger`;
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => manager.send('POST', tenantId, path)),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    const started = answers.map(({ json }) => json as { run: RunView; reused: boolean });
    const made = started.filter(({ reused }) => !reused);
    expect(made.length).toBeGreaterThan(0);
    for (const { run } of made) {
      await untilEnded(kernel.database, { tenant_id: tenantId, id: run.id });
    }
    const read = await manager.send('GET', tenantId, `/drift-schedules/${schedule.id}`);
    expect(made.map(({ run }) => run.id)).toContain((read.json as Schedule).lastRun?.id);
  });
});
