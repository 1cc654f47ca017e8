import type { BackupSchedules } from '#temporal/schedule/backup-schedules.ts';

/** When everything runs next. */
export const nextRunAt = new Date('2031-02-03T02:00:00Z');

/** Schedules that are rows and nothing else, and run next at one time unless they are paused. */
export function createRowSchedules(): BackupSchedules {
  return {
    put: async ({ paused, revision }) => ({
      paused,
      revision,
      nextRunAt: paused ? null : nextRunAt,
      createdAt: new Date(),
    }),
    describe: async () => null,
    remove: async () => undefined,
  };
}
