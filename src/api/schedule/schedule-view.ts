import { z } from 'zod';
import { timeView, toTimeOrNull } from '#api/http/common-view.ts';
import { runSchema, toRunView } from '#api/run/run-view.ts';
import type { Config } from '#config.ts';
import type { WithLastRun } from '#db/schedule/schedules.ts';
import type { ScheduleRow } from '#db/tables.ts';

/** What the API shows of schedules of both kinds. */
export const scheduleShape = {
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

const schema = z.strictObject(scheduleShape);

/** What schedules of both kinds have, as the API shows it. */
export function toScheduleView(
  row: WithLastRun<ScheduleRow>,
  config: Config,
): z.output<typeof schema> {
  return {
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
}
