import { existing, startsAgain } from '#api/run/start-again.ts';
import { startedAnswer } from '#api/run/start-run.ts';
import type { TenantTrx } from '#db/database.ts';
import { findScheduleOfKind } from '#db/schedule/schedules.ts';
import { startScheduleRun } from '#temporal/schedule/start-schedule-run.ts';

/** Starts the run of a schedule with the earlier run's selection, and with the schedule's present name and retention. */
export const startsSchedule = startsAgain(
  'backup_schedule.run',
  async (starting, { parameters }) => {
    const { deps, caller } = starting;
    const { scheduleId, name: _ofThen, ...selection } = parameters;
    const find = (trx: TenantTrx, id: string) => findScheduleOfKind(trx, 'backup', id);
    const schedule = await existing(starting, find, scheduleId);
    const by = { notifiedId: caller.principalId, firingId: null };
    return startedAnswer(deps, await startScheduleRun(deps.runs, { ...schedule, selection }, by));
  },
);
