import { cancellationSignal, log } from '@temporalio/activity';
import type { ActivityDeps } from '#activities/runtime/deps.ts';
import { heartbeating } from '#activities/runtime/heartbeating.ts';
import { asDispatcher, inTenant } from '#db/database.ts';
import { lockSchedule, noteScheduleState } from '#db/schedule/schedule-state.ts';
import { listSchedulesAcrossTenants } from '#db/schedule/schedules-across-tenants.ts';
import type { MaintenanceActivities } from '#domain/run/activity-types.ts';
import { ScheduleRefusedError } from '#temporal/schedule/backup-schedules.ts';

/** Ids of one query. */
const pageSize = 100;

/** See {@link MaintenanceActivities.alignSchedules}. */
export function createAlignSchedules(deps: ActivityDeps): MaintenanceActivities['alignSchedules'] {
  return () =>
    heartbeating(async () => {
      const tally = { seen: 0, mended: 0 };
      let after: string | null = null;
      for (;;) {
        const page: { tenant_id: string; id: string }[] = await asDispatcher(deps.db, (trx) =>
          listSchedulesAcrossTenants(trx, { after, limit: pageSize }),
        );
        for (const schedule of page) {
          cancellationSignal().throwIfAborted();
          tally.seen += 1;
          if (await alignUnlessRefused(deps, schedule)) tally.mended += 1;
        }
        after = page.at(-1)?.id ?? null;
        if (page.length < pageSize) return tally;
      }
    });
}

/** A schedule that Temporal refuses must not keep the others from being mended. */
async function alignUnlessRefused(
  deps: ActivityDeps,
  schedule: { tenant_id: string; id: string },
): Promise<boolean> {
  try {
    return await alignOne(deps, schedule);
  } catch (err) {
    if (!(err instanceof ScheduleRefusedError)) throw err;
    log.error('Temporal refuses a schedule', { err, scheduleId: schedule.id });
    return false;
  }
}

/**
 * Compares one schedule with its copy. The lock waits for a change in progress, because Temporal has the change before
 * the row.
 * @returns whether Temporal's copy was wrong.
 */
function alignOne(
  { db, schedules }: ActivityDeps,
  { tenant_id: tenantId, id }: { tenant_id: string; id: string },
): Promise<boolean> {
  return inTenant(db, tenantId, async (trx) => {
    const row = await lockSchedule(trx, id);
    if (row === undefined) return false;
    const found = await schedules.describe(id);
    const right = found !== null && found.revision === row.revision;
    if (!right) log.warn('a schedule in Temporal differed from its row', { scheduleId: id });
    // An operator may pause or resume a schedule in the Web UI; the row follows.
    await noteScheduleState(trx, row, right ? found : await schedules.put(row));
    return !right;
  });
}
