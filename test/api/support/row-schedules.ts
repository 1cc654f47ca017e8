import type { BackupSchedules } from '#temporal/schedule/backup-schedules.ts';

/** The next time of every schedule. */
export const nextRunAt = new Date('2031-02-03T02:00:00Z');

/** Schedules as rows alone, without Temporal; all active ones have the same next time. */
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
