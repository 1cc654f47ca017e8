import { z } from 'zod';
import type { Config } from '#config.ts';
import type { WithLastRun } from '#db/schedule/schedules.ts';
import type { BackupScheduleRow } from '#db/tables.ts';
import { scheduleShape, toScheduleView } from './schedule-view.ts';

export const backupScheduleSchema = z.strictObject({
  ...scheduleShape,
  selection: z.strictObject({
    policyIds: z.array(z.string()).optional(),
    types: z.array(z.string()).optional(),
    all: z.literal(true).optional(),
  }),
  retention: z.strictObject({ keepLast: z.int().optional(), keepDays: z.int().optional() }),
});

/** A schedule of backups as the API shows it. */
export function toBackupScheduleView(
  row: WithLastRun<BackupScheduleRow>,
  config: Config,
): z.output<typeof backupScheduleSchema> {
  const { policyIds, types, all } = row.selection;
  return {
    ...toScheduleView(row, config),
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
