import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ScheduleNotFoundError } from '@temporalio/client';
import type { RunView } from '#api/run/run-view.ts';
import { inTenant } from '#db/database.ts';
import { findScheduleOfKind } from '#db/schedule/schedules.ts';
import type { BackupScheduleRow } from '#db/tables.ts';
import { runsTaskQueue } from '#domain/run/task-queues.ts';
import { createBackupSchedules } from '#temporal/schedule/backup-schedules.ts';
import { ensureMaintenanceSchedules } from '#temporal/schedule/maintenance-schedules.ts';
import { type Kernel, startKernel } from '#test/support/kernel.ts';
import { readRun, untilEnded } from '#test/support/runs.ts';
import { until } from '#test/support/until.ts';
import { addCatalogPolicy, addCustomer } from '#test/workflows/support/customer.ts';
import { graphCalls, setFaults } from '#test/workflows/support/graph-calls.ts';
import { type Manager, managerId, startManager } from '#test/workflows/support/manager.ts';

/** The time of a Graph call while a run must be met at work. */
const slowMs = 1_500;

interface Schedule {
  readonly id: string;
  readonly name: string;
  readonly paused: boolean;
  readonly nextRunAt: string | null;
  readonly lastRun: RunView | null;
}

let kernel: Kernel;
let manager: Manager;
beforeAll(async () => {
  kernel = await startKernel();
  manager = await startManager(kernel);
});
afterEach(() => setFaults(kernel, []));
afterAll(async () => {
  await manager.stop();
  await kernel.stop();
});

const nightly = {
  name: 'Nightly of Contoso',
  cron: '30 2 * * *',
  timeZone: 'Europe/Berlin',
  selection: { types: ['settingsCatalogPolicy'] },
  retention: { keepLast: 7 },
};

async function customerWithPolicy(): Promise<string> {
  const tenantId = await addCustomer(kernel);
  await addCatalogPolicy(kernel, tenantId);
  await manager.join(tenantId);
  return tenantId;
}

async function makeSchedule(
  change: Readonly<Record<string, unknown>> = {},
): Promise<{ tenantId: string; schedule: Schedule }> {
  const tenantId = await customerWithPolicy();
  const made = await manager.send('POST', tenantId, '/backup-schedules', { ...nightly, ...change });
  expect([made.status, made.text]).toEqual([201, expect.any(String)]);
  const schedule = made.json as Schedule;
  expect(made.headers.get('location')).toBe(
    `/api/v1/tenants/${tenantId}/backup-schedules/${schedule.id}`,
  );
  return { tenantId, schedule };
}

const inTemporal = ({ id }: Pick<Schedule, 'id'>) =>
  kernel.client.schedule.getHandle(`backup-schedule-${id}`);

async function read(tenantId: string, { id }: Pick<Schedule, 'id'>): Promise<Schedule> {
  const answer = await manager.send('GET', tenantId, `/backup-schedules/${id}`);
  expect(answer.status).toBe(200);
  return answer.json as Schedule;
}

async function rowOf(tenantId: string, { id }: Pick<Schedule, 'id'>): Promise<BackupScheduleRow> {
  const row = await inTenant(kernel.database.app.db, tenantId, (trx) =>
    findScheduleOfKind(trx, 'backup', id),
  );
  if (row === undefined) throw new Error(`no schedule ${id}`);
  return row;
}

/** Triggers a schedule and returns its run. */
async function fire(tenantId: string, schedule: Schedule): Promise<RunView> {
  const before = (await read(tenantId, schedule)).lastRun?.id;
  await inTemporal(schedule).trigger();
  return until('the firing has made a run', async () => {
    const { lastRun } = await read(tenantId, schedule);
    return lastRun !== null && lastRun.id !== before && lastRun;
  });
}

const ended = (tenantId: string, { id }: RunView) =>
  untilEnded(kernel.database, { tenant_id: tenantId, id });

/** Runs one round of maintenance. */
function maintain(): Promise<unknown> {
  const workflowId = `maintain-${randomUUID()}`;
  return kernel.client.workflow.execute('maintainBackups', {
    workflowId,
    taskQueue: runsTaskQueue,
  });
}

function hourIn(timeZone: string, time: string | null): string {
  const parts = { timeZone, hour: '2-digit', minute: '2-digit', hour12: false } as const;
  return new Intl.DateTimeFormat('en-GB', parts).format(new Date(time ?? 0));
}

describe('a schedule', () => {
  // Catches: a missing time zone or window, and a name or other content of the tenant in Temporal.
  it('has a copy in Temporal with ids only, and shows its next run', async () => {
    const { schedule } = await makeSchedule({ jitterSeconds: 0, catchUpWindowSeconds: 7_200 });
    expect(hourIn('Europe/Berlin', schedule.nextRunAt)).toBe('02:30');
    expect(schedule).toMatchObject({ ...nightly, paused: false, lastRun: null });
    const found = await inTemporal(schedule).describe();
    expect(found.spec.timezone).toBe('Europe/Berlin');
    expect(found.policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 7_200_000 });
    expect(found.info.nextActionTimes[0]?.toISOString()).toBe(schedule.nextRunAt);
    const everything = JSON.stringify([found.raw, found.action, found.memo]);
    expect(everything).not.toContain('Contoso');
    expect(everything).not.toContain('settingsCatalogPolicy');
  });

  // Catches: a person as initiator, a run without notifications, a trigger that the row forgets.
  it('starts an ordinary run at its time, and is the initiator', async () => {
    const { tenantId, schedule } = await makeSchedule();
    const run = await fire(tenantId, schedule);
    expect(run).toMatchObject({
      operationType: 'backup_schedule.run',
      initiator: { id: `schedule:${schedule.id}`, displayName: nightly.name },
      parameters: { scheduleId: schedule.id, types: ['settingsCatalogPolicy'] },
      target: { type: 'backup_set' },
    });
    expect(await ended(tenantId, run)).toMatchObject({ status: 'succeeded' });
    const set = await manager.send('GET', tenantId, `/backup-sets/${run.target?.id}`);
    expect(set.json).toMatchObject({ itemCount: 1, manifest: { complete: true } });
    expect((set.json as { name: string }).name).toMatch(
      /^Nightly of Contoso \d{4}-\d\d-\d\d \d\d:\d\d UTC$/,
    );
    const told = await kernel.database.owner.db
      .selectFrom('notifications')
      .select('principal_id')
      .where('run_id', '=', run.id)
      .execute();
    expect(told).toEqual(Array.from({ length: 3 }, () => ({ principal_id: managerId })));
    // The second backup compares with the first and reads only the list.
    const calls = (await graphCalls(kernel, tenantId)).length;
    const second = await ended(tenantId, await fire(tenantId, schedule));
    expect(second).toMatchObject({ status: 'succeeded', idempotency_key: run.idempotencyKey });
    expect((await graphCalls(kernel, tenantId)).length - calls).toBeLessThan(calls);
  });

  // Catches: a start beside the gate, and a second backup of the same schedule.
  it('joins its active run, whether triggered by a person or by Temporal', async () => {
    const { tenantId, schedule } = await makeSchedule();
    await setFaults(kernel, [{ match: { tenant: tenantId }, effect: { delayMs: slowMs } }]);
    const trigger = () =>
      manager.send('POST', tenantId, `/backup-schedules/${schedule.id}/trigger`);
    const first = await trigger();
    expect([first.status, first.json]).toMatchObject([202, { reused: false }]);
    const { run } = first.json as { run: RunView };
    expect(first.headers.get('location')).toBe(`/api/v1/tenants/${tenantId}/runs/${run.id}`);
    expect((await trigger()).json).toMatchObject({ reused: true, run: { id: run.id } });
    await inTemporal(schedule).trigger();
    await until('the firing is over', async () => {
      const { info } = await inTemporal(schedule).describe();
      return info.recentActions.length === 1 && info.runningActions.length === 0;
    });
    expect((await read(tenantId, schedule)).lastRun?.id).toBe(run.id);
    const runs = await manager.send('GET', tenantId, '/runs');
    expect((runs.json as { items: unknown[] }).items).toHaveLength(1);
    expect(await ended(tenantId, run)).toMatchObject({ status: 'succeeded' });
  });

  // Catches: a pause in only one of row and Temporal, and a next run of a paused schedule.
  it('starts no run while paused, but can be triggered', async () => {
    const { tenantId, schedule } = await makeSchedule({ paused: true });
    expect(schedule).toMatchObject({ paused: true, nextRunAt: null });
    expect((await inTemporal(schedule).describe()).state.paused).toBe(true);
    const path = `/backup-schedules/${schedule.id}`;
    const resumed = await manager.send('POST', tenantId, `${path}/resume`);
    expect([resumed.status, resumed.json]).toMatchObject([200, { paused: false }]);
    expect((resumed.json as Schedule).nextRunAt).not.toBeNull();
    expect((await inTemporal(schedule).describe()).state.paused).toBe(false);
    const paused = await manager.send('POST', tenantId, `${path}/pause`);
    expect(paused.json).toMatchObject({ paused: true, nextRunAt: null });
    expect((await inTemporal(schedule).describe()).state.paused).toBe(true);
    const triggered = await manager.send('POST', tenantId, `${path}/trigger`);
    expect(triggered.status).toBe(202);
  });

  // Catches: fields that survive a replacement, and an old copy in Temporal.
  it('is replaced as a whole by PUT', async () => {
    const { tenantId, schedule } = await makeSchedule();
    const path = `/backup-schedules/${schedule.id}`;
    const body = { name: 'Weekly', cron: '0 4 * * SUN', selection: { all: true } };
    const replaced = await manager.send('PUT', tenantId, path, body);
    expect([replaced.status, replaced.json]).toMatchObject([
      200,
      { ...body, id: schedule.id, timeZone: 'UTC', retention: {}, paused: false },
    ]);
    const next = new Date((replaced.json as Schedule).nextRunAt ?? 0);
    expect([next.getUTCDay(), next.getUTCHours(), next.getUTCMinutes()]).toEqual([0, 4, 0]);
    const { info } = await inTemporal(schedule).describe();
    expect(info.nextActionTimes[0]).toEqual(next);
  });

  it('keeps its runs and sets when it is deleted', async () => {
    const { tenantId, schedule } = await makeSchedule();
    const run = await fire(tenantId, schedule);
    await ended(tenantId, run);
    const path = `/backup-schedules/${schedule.id}`;
    expect((await manager.send('DELETE', tenantId, path)).status).toBe(204);
    expect((await manager.send('GET', tenantId, path)).status).toBe(404);
    await expect(inTemporal(schedule).describe()).rejects.toThrow(ScheduleNotFoundError);
    const set = await manager.send('GET', tenantId, `/backup-sets/${run.target?.id}`);
    expect(set.status).toBe(200);
  });

  // Catches: a 500, and a row without its schedule in Temporal.
  it('is refused if Temporal does not know its time zone', async () => {
    const tenantId = await customerWithPolicy();
    // An old name that browsers and Node know, but not Temporal.
    const body = { ...nightly, timeZone: 'ACT' };
    const answer = await manager.send('POST', tenantId, '/backup-schedules', body);
    expect([answer.status, answer.json]).toMatchObject([400, { errors: [{ path: 'timeZone' }] }]);
    const list = await manager.send('GET', tenantId, '/backup-schedules');
    expect(list.json).toMatchObject({ items: [] });
  });
});

describe('a round of maintenance', () => {
  // Catches: backups that stop for ever because Temporal has lost or changed a schedule.
  it('recreates lost schedules in Temporal and corrects changed ones', async () => {
    const [lost, other] = [await makeSchedule(), await makeSchedule()];
    await inTemporal(lost.schedule).delete();
    // As after a change that Temporal took before its commit failed.
    const row = await rowOf(other.tenantId, other.schedule);
    const schedules = createBackupSchedules({ client: kernel.client });
    await schedules.put({ ...row, cron: '0 5 * * *', revision: randomUUID() });
    await maintain();
    for (const { tenantId, schedule } of [lost, other]) {
      const { info } = await inTemporal(schedule).describe();
      expect(info.nextActionTimes[0]?.toISOString()).toBe(schedule.nextRunAt);
      expect((await read(tenantId, schedule)).nextRunAt).toBe(schedule.nextRunAt);
    }
  });

  // Catches: retention without a start, and a deletion without an audit event.
  it('deletes the sets beyond the retention of a schedule', async () => {
    const { tenantId, schedule } = await makeSchedule({ retention: { keepLast: 1 } });
    const first = await fire(tenantId, schedule);
    await ended(tenantId, first);
    const last = await fire(tenantId, schedule);
    await ended(tenantId, last);
    await maintain();
    const statusOf = async (run: RunView) =>
      (await manager.send('GET', tenantId, `/backup-sets/${run.target?.id}`)).status;
    expect([await statusOf(first), await statusOf(last)]).toEqual([404, 200]);
    const events = await kernel.database.owner.db
      .selectFrom('audit_events')
      .select(['actor', 'target', 'details'])
      .where('action', '=', 'backup_set.deleted')
      .where('tenant_id', '=', tenantId)
      .execute();
    expect(events).toMatchObject([
      { actor: `schedule:${schedule.id}`, target: { id: first.target?.id }, details: { items: 1 } },
    ]);
  });

  it('is started by a Temporal Schedule, as is the verification', async () => {
    for (const _ of [1, 2]) {
      await ensureMaintenanceSchedules(kernel.client, { maintainMinutes: 90, verifyHours: 48 });
    }
    for (const [id, everyMs] of [
      ['maintain-backups', 90 * 60_000],
      ['verify-snapshots', 48 * 3_600_000],
    ] as const) {
      const { spec, policies } = await kernel.client.schedule.getHandle(id).describe();
      expect(spec.intervals).toMatchObject([{ every: everyMs }]);
      expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: everyMs });
    }
  });

  // Catches: a pause in the Web UI that maintenance reverts, or that the API does not show.
  it('copies a pause from the Web UI into the row', async () => {
    const { tenantId, schedule } = await makeSchedule();
    await inTemporal(schedule).pause('by hand');
    await maintain();
    expect(await read(tenantId, schedule)).toMatchObject({ paused: true, nextRunAt: null });
    expect((await inTemporal(schedule).describe()).state.paused).toBe(true);
  });
});

describe('a triggered schedule', () => {
  // Catches: retries for half a day because of a deleted schedule.
  it('without a row starts no run', async () => {
    const { tenantId, schedule } = await makeSchedule();
    await kernel.database.owner.db
      .deleteFrom('backup_schedules')
      .where('id', '=', schedule.id)
      .execute();
    await inTemporal(schedule).trigger();
    await until('the firing is over', async () => {
      const { info } = await inTemporal(schedule).describe();
      return info.recentActions.length === 1 && info.runningActions.length === 0;
    });
    const runs = await manager.send('GET', tenantId, '/runs');
    expect(runs.json).toMatchObject({ items: [] });
  });

  // Catches: a tenant from the argument of the workflow.
  it('works for the tenant of the row, not of its argument', async () => {
    const { tenantId, schedule } = await makeSchedule();
    const stranger = await addCustomer(kernel);
    await kernel.client.workflow.execute('startScheduledBackup', {
      workflowId: `forged-${randomUUID()}`,
      taskQueue: runsTaskQueue,
      args: [{ scheduleId: schedule.id, tenantId: stranger, revision: randomUUID() }],
    });
    const { lastRun } = await read(tenantId, schedule);
    expect(lastRun).toMatchObject({ tenantId });
    const run = await readRun(kernel.database, { tenant_id: tenantId, id: lastRun?.id ?? '' });
    await untilEnded(kernel.database, run);
  });
});
