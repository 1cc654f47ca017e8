import { z } from 'zod';
import { timeView, toTimeOrNull } from '#api/http/common-view.ts';
import { runSchema, toRunView } from '#api/run/run-view.ts';
import type { Config } from '#config.ts';
import { isScheduleOf } from '#db/schedule/schedule-kinds.ts';
import type { WithLastRun } from '#db/schedule/schedules.ts';
import type { ScheduleRow } from '#db/tables.ts';

const shape = {
  id: z.string(),
  tenantId: z.string(),
  name: z.string(),
  cron: z.string(),
  timeZone: z.string(),
  paused: z.boolean(),
  jitterSeconds: z.int(),
  catchUpWindowSeconds: z.int(),
  nextRunAt: timeView.nullable().describe('Null while it is paused'),
  lastRun: runSchema.nullable(),
};

export const backupScheduleSchema = z.strictObject({
  ...shape,
  selection: z.strictObject({
    policyIds: z.array(z.string()).optional(),
    types: z.array(z.string()).optional(),
    all: z.literal(true).optional(),
  }),
  retention: z.strictObject({ keepLast: z.int().optional(), keepDays: z.int().optional() }),
});

export const driftScheduleSchema = z.strictObject({ ...shape, backupSetId: z.string() });

type ScheduleView = z.output<typeof backupScheduleSchema> | z.output<typeof driftScheduleSchema>;

export function toScheduleView(row: WithLastRun<ScheduleRow>, config: Config): ScheduleView {
  const view = {
    id: row.id,
    tenantId: row.tenant_id,
    name: row.name,
    cron: row.cron,
    timeZone: row.time_zone,
    paused: row.paused,
    jitterSeconds: row.jitter_seconds,
    catchUpWindowSeconds: row.catch_up_seconds,
    nextRunAt: toTimeOrNull(row.next_run_at),
    lastRun: row.last_run === null ? null : toRunView(row.last_run, config),
  };
  if (isScheduleOf('drift', row)) return { ...view, backupSetId: row.backup_set_id };
  const { policyIds, types, all } = row.selection ?? {};
  return {
    ...view,
    selection: {
      ...(policyIds === undefined ? {} : { policyIds: [...policyIds] }),
      ...(types === undefined ? {} : { types: [...types] }),
      ...(all === undefined ? {} : { all }),
    },
    retention: {
      ...(row.keep_last === null ? {} : { keepLast: row.keep_last }),
      ...(row.keep_days === null ? {} : { keepDays: row.keep_days }),
    },
  };
}
