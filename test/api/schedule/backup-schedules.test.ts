import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { fault, routeOf, startTarget, type Target } from '#test/api/support/bad-input.ts';
import { nextRunAt } from '#test/api/support/row-schedules.ts';
import { notAString, notAWord } from '#test/api/support/strings.ts';
import { principalOf } from '#test/api/support/world.ts';

let target: Target;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.api.stop());

const good = {
  name: 'Nightly',
  cron: '0 2 * * *',
  timeZone: 'Europe/Berlin',
  selection: { all: true },
  retention: { keepLast: 7, keepDays: 30 },
  paused: false,
  jitterSeconds: 60,
  catchUpWindowSeconds: 600,
};

const routes = ['createBackupSchedule', 'replaceBackupSchedule'] as const;
const send = (operationId: string, body: unknown) => target.send(routeOf(operationId), { body });

describe('a schedule', () => {
  // Catches: a member missing in reading or in writing.
  it('backup schedule is read as written', async () => {
    const made = await send('createBackupSchedule', good);
    expect(made.status).toBe(201);
    const { id, ...rest } = made.json as { id: string };
    expect(rest).toEqual({
      ...good,
      tenantId: target.tenant.tenantId,
      nextRunAt: nextRunAt.toISOString(),
      lastRun: null,
    });
    const token = target.tokens.reader;
    const location = made.headers.get('location') ?? '';
    expect(location.endsWith(id)).toBe(true);
    expect((await target.api.request(location, { token })).json).toEqual(made.json);
  });

  it('backup schedule has defaults for its optional members', async () => {
    const { name, cron } = good;
    const selection = { types: ['scopeTag'] };
    const made = await send('createBackupSchedule', { name, cron: ' 0  2 * * * ', selection });
    expect(made.json).toMatchObject({
      ...{ name, cron, selection, timeZone: 'UTC', retention: {}, paused: false },
      ...{ jitterSeconds: 0, catchUpWindowSeconds: 3_600 },
    });
  });

  // Catches: a change without an audit event.
  it('every change and trigger of a backup schedule has an audit event', async () => {
    const path = target.pathOf(routeOf('getBackupSchedule'));
    const token = target.tokens.owner;
    for (const [method, rest] of [
      ['PUT', ''],
      ['POST', '/pause'],
      ['POST', '/resume'],
      ['POST', '/trigger'],
    ] as const) {
      const body = method === 'PUT' ? { body: good } : {};
      const answer = await target.api.request(`${path}${rest}`, { method, token, ...body });
      expect(answer.status).toBeLessThan(300);
    }
    const events = await target.api.database.owner.db
      .selectFrom('audit_events')
      .select(['actor', 'action'])
      .where(sql`target ->> 'id'`, '=', target.tenant.scheduleId)
      .orderBy('id')
      .execute();
    const actions = ['replaced', 'paused', 'resumed', 'triggered'];
    expect(events).toEqual(
      actions.map((word) => ({ actor: principalOf('owner'), action: `backup_schedule.${word}` })),
    );
  });
});

describe('a schedule that is not right', () => {
  const wrong: readonly [string, readonly unknown[]][] = [
    ['name', ['', ' ', 'x'.repeat(257), 'a\nb']],
    ['cron', [...notAWord, '@daily', '* * * * * *', '0 0 31 2 *', '61 * * * *']],
    ['timeZone', [...notAWord, '+02:00', 'europe/berlin', 'Mars/Phobos', 'Local']],
    [
      'selection',
      [{}, { all: true, types: ['scopeTag'] }, { all: false }, { types: [] }, { policyIds: [] }],
    ],
    ['selection', [{ types: ['no-type'] }, { policyIds: ['x'] }, { all: true, more: 1 }]],
    [
      'retention',
      [
        { keepLast: 0 },
        { keepLast: 1.5 },
        { keepLast: '7' },
        { keepDays: -1 },
        { keepLast: 1_001 },
      ],
    ],
    ['retention', [{ keepDays: 3_661 }, { keepHours: 1 }, { keepLast: null }]],
    ['paused', ['true', 1, 0]],
    ['jitterSeconds', [-1, 0.5, 21_601, '60']],
    ['catchUpWindowSeconds', [0, 59, 604_801, '600']],
  ];

  /** Values other than strings, each valid for some member. */
  const right: Readonly<Record<string, readonly string[]>> = {
    paused: ['true', 'false'],
    jitterSeconds: ['0', '1'],
    retention: ['{}'],
  };

  // Catches: unchecked input for Temporal or Postgres, and an answer without the place of the fault.
  it.each(wrong)(
    'backup schedule with a wrong %s is refused without effect',
    async (field, values) => {
      const before = (await target.rows()).now;
      for (const operationId of routes) {
        for (const value of [...values, ...notAString]) {
          if (right[field]?.includes(JSON.stringify(value)) === true) continue;
          const answer = await send(operationId, { ...good, [field]: value });
          expect([operationId, value, fault(answer, field)]).toEqual([operationId, value, null]);
        }
      }
      expect((await target.rows()).now).toEqual(before);
    },
  );

  it.each(['name', 'cron', 'selection'])('backup schedule without %s is refused', async (field) => {
    for (const operationId of routes) {
      const answer = await send(operationId, { ...good, [field]: undefined });
      expect(fault(answer, field)).toBeNull();
    }
  });

  // Catches: a schedule that backs up or reveals another tenant's policies.
  it('backup schedule with foreign or unknown policies gets the same refusal', async () => {
    const unknown = '0192f3a0-0000-7000-8000-000000000001';
    const selection = { policyIds: [target.tenant.policyId, unknown] };
    for (const operationId of routes) {
      const answer = await send(operationId, { ...good, selection });
      expect(fault(answer, 'selection.policyIds.1')).toBeNull();
    }
  });
});
