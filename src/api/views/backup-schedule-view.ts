import { z } from 'zod';
import type { Config } from '../../config.ts';
import type { ScheduleWithLastRun } from '../../db/backup-schedules.ts';
import { timeView, toTimeOrNull } from './common.ts';
import { runSchema, toRunView } from './run-view.ts';

export const backupScheduleSchema = z.strictObject({
  id: z.string(),
  tenantId: z.string(),
  name: z.string(),
  cron: z.string(),
  timeZone: z.string(),
  selection: z.strictObject({
    policyIds: z.array(z.string()).optional(),
    types: z.array(z.string()).optional(),
    all: z.literal(true).optional(),
  }),
  retention: z.strictObject({ keepLast: z.int().optional(), keepDays: z.int().optional() }),
  paused: z.boolean(),
  jitterSeconds: z.int(),
  catchUpWindowSeconds: z.int(),
  nextRunAt: timeView.nullable().describe('Null while it is paused'),
  lastRun: runSchema.nullable(),
});

/** The path of a schedule in this API. */
export function backupSchedulePath(tenantId: string, scheduleId: string): string {
  return `/api/v1/tenants/${tenantId}/backup-schedules/${scheduleId}`;
}

/** A schedule as the API shows it. */
export function toBackupScheduleView(
  row: ScheduleWithLastRun,
  config: Config,
): z.output<typeof backupScheduleSchema> {
  const { policyIds, types, all } = row.selection;
  return {
    id: row.id,
    tenantId: row.tenant_id,
    name: row.name,
    cron: row.cron,
    timeZone: row.time_zone,
    selection: {
      ...(policyIds === undefined ? {} : { policyIds: [...policyIds] }),
      ...(types === undefined ? {} : { types: [...types] }),
      ...(all === undefined ? {} : { all }),
    },
    retention: {
      ...(row.keep_last === null ? {} : { keepLast: row.keep_last }),
      ...(row.keep_days === null ? {} : { keepDays: row.keep_days }),
    },
    paused: row.paused,
    jitterSeconds: row.jitter_seconds,
    catchUpWindowSeconds: row.catch_up_seconds,
    nextRunAt: toTimeOrNull(row.next_run_at),
    lastRun: row.last_run === null ? null : toRunView(row.last_run, config),
  };
}
