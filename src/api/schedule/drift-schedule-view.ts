import { z } from 'zod';
import type { Config } from '#config.ts';
import type { WithLastRun } from '#db/schedule/schedules.ts';
import type { DriftScheduleRow } from '#db/tables.ts';
import { scheduleShape, toScheduleView } from './schedule-view.ts';

export const driftScheduleSchema = z.strictObject({ ...scheduleShape, backupSetId: z.string() });

/** A schedule of drift checks as the API shows it. */
export function toDriftScheduleView(
  row: WithLastRun<DriftScheduleRow>,
  config: Config,
): z.output<typeof driftScheduleSchema> {
  return { ...toScheduleView(row, config), backupSetId: row.backup_set_id };
}
