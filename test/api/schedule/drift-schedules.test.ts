import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { inTenant } from '#db/database.ts';
import { fault, routeOf, startTarget, type Target } from '#test/api/support/bad-input.ts';
import { nextRunAt } from '#test/api/support/row-schedules.ts';
import { notAString } from '#test/api/support/strings.ts';
import {
  addBackupSet,
  buildTenant,
  principalOf,
  tenantA,
  tenantB,
} from '#test/api/support/world.ts';

let target: Target;
let foreignSetId: string;
const unfinishedSetId = uuidv7();
beforeAll(async () => {
  target = await startTarget();
  foreignSetId = (await buildTenant(target.api, tenantB)).backupSetId;
  await inTenant(target.api.database.app.db, tenantA, (trx) => addBackupSet(trx, unfinishedSetId));
});
afterAll(() => target.api.stop());

const times = {
  ...{ name: 'Drift', cron: '0 3 * * *', timeZone: 'Europe/Berlin', paused: false },
  ...{ jitterSeconds: 60, catchUpWindowSeconds: 600 },
};
const good = () => ({ ...times, backupSetId: target.tenant.backupSetId });

const routes = ['createDriftSchedule', 'replaceDriftSchedule'] as const;
const send = (operationId: string, body: unknown) => target.send(routeOf(operationId), { body });

describe('a schedule of drift checks', () => {
  // Catches: a member missing in reading or in writing, or a member of the other kind.
  it('drift schedule is read as written', async () => {
    const made = await send('createDriftSchedule', good());
    expect(made.status).toBe(201);
    const { id, ...rest } = made.json as { id: string };
    expect(rest).toEqual({
      ...good(),
      tenantId: tenantA,
      nextRunAt: nextRunAt.toISOString(),
      lastRun: null,
    });
    const token = target.tokens.reader;
    const location = made.headers.get('location') ?? '';
    expect(location).toBe(`/api/v1/tenants/${tenantA}/drift-schedules/${id}`);
    expect((await target.api.request(location, { token })).json).toEqual(made.json);
  });

  // Catches: a missing check of the kind, so that a schedule of one kind is read or replaced as one of the other.
  it('drift schedule is no backup schedule, and the other way round', async () => {
    const { scheduleId, driftScheduleId } = target.tenant;
    const token = target.tokens.owner;
    const base = `/api/v1/tenants/${tenantA}`;
    const nightly = { name: 'N', cron: '0 2 * * *', selection: { all: true } };
    for (const [path, id, body] of [
      ['backup-schedules', driftScheduleId, nightly],
      ['drift-schedules', scheduleId, good()],
    ] as const) {
      const calls = [
        ['GET', '', undefined],
        ['PUT', '', body],
        ['DELETE', '', undefined],
        ['POST', '/trigger', undefined],
        ['POST', '/pause', undefined],
      ] as const;
      for (const [method, rest, sent] of calls) {
        const request = { method, token, ...(sent === undefined ? {} : { body: sent }) };
        const answer = await target.api.request(`${base}/${path}/${id}${rest}`, request);
        expect([path, method, rest, answer.status]).toEqual([path, method, rest, 404]);
      }
    }
    const listed = async (path: string) => {
      const answer = await target.api.request(`${base}/${path}?limit=200`, { token });
      return (answer.json as { items: { id: string }[] }).items.map(({ id }) => id);
    };
    const [backups, drifts] = [await listed('backup-schedules'), await listed('drift-schedules')];
    expect(backups).toContain(scheduleId);
    expect(drifts).toContain(driftScheduleId);
    expect(backups.filter((id) => drifts.includes(id))).toEqual([]);
  });

  // Catches: a change without an audit event, or with the event of a backup schedule.
  it('every change and trigger of a drift schedule has an audit event', async () => {
    const made = await send('createDriftSchedule', good());
    const { id } = made.json as { id: string };
    const path = made.headers.get('location') ?? '';
    const token = target.tokens.owner;
    for (const [method, rest] of [
      ['PUT', ''],
      ['POST', '/pause'],
      ['POST', '/resume'],
      ['POST', '/trigger'],
      ['DELETE', ''],
    ] as const) {
      const body = method === 'PUT' ? { body: good() } : {};
      const answer = await target.api.request(`${path}${rest}`, { method, token, ...body });
      expect([method, rest, answer.status < 300]).toEqual([method, rest, true]);
    }
    const events = await target.api.database.owner.db
      .selectFrom('audit_events')
      .select(['actor', 'action', 'details'])
      .where(sql`target ->> 'id'`, '=', id)
      .orderBy('seq')
      .execute();
    const actions = ['created', 'replaced', 'paused', 'resumed', 'triggered', 'deleted'];
    expect(events).toMatchObject(
      actions.map((word) => ({ actor: principalOf('owner'), action: `drift_schedule.${word}` })),
    );
    expect(events[0]?.details).toMatchObject({ backupSetId: target.tenant.backupSetId });
  });
});

describe('a schedule of drift checks that is not right', () => {
  // Catches: a schedule that reads or reveals another tenant's backup set.
  it('drift schedule with a foreign, unknown or malformed set id gets the same refusal without effect', async () => {
    const before = (await target.rows()).now;
    for (const operationId of routes) {
      for (const backupSetId of [foreignSetId, uuidv7(), 'x', ...notAString]) {
        const answer = await send(operationId, { ...good(), backupSetId });
        expect([operationId, backupSetId, fault(answer, 'backupSetId')]).toEqual([
          operationId,
          backupSetId,
          null,
        ]);
      }
      const unfinished = await send(operationId, { ...good(), backupSetId: unfinishedSetId });
      expect([unfinished.status, unfinished.json]).toMatchObject([409, { code: 'conflict' }]);
      for (const more of [{ selection: { all: true } }, { retention: { keepLast: 1 } }]) {
        const answer = await send(operationId, { ...good(), ...more });
        expect([operationId, more, answer.status]).toEqual([operationId, more, 400]);
      }
    }
    expect((await target.rows()).now).toEqual(before);
  });

  // Catches: a set deleted between the check and the commit.
  it('drift schedule is refused for a set that retention has begun to delete', async () => {
    const { db } = target.api.database.owner;
    const going = { deleting_at: new Date() };
    const set = (change: { deleting_at: Date | null }) =>
      db
        .updateTable('backup_sets')
        .set(change)
        .where('id', '=', target.tenant.backupSetId)
        .execute();
    await set(going);
    try {
      for (const operationId of routes) {
        expect(fault(await send(operationId, good()), 'backupSetId')).toBeNull();
      }
    } finally {
      await set({ deleting_at: null });
    }
  });
});
