import type { TenantTrx } from '#db/database.ts';
import type { ScheduleRow } from '#db/tables.ts';

/** Records Temporal's view of a schedule: its next run, and whether an operator has paused it there. */
export async function noteScheduleState(
  trx: TenantTrx,
  of: Pick<ScheduleRow, 'id' | 'revision'>,
  state: { readonly paused: boolean; readonly nextRunAt: Date | null },
): Promise<void> {
  await trx
    .updateTable('backup_schedules')
    .set({ paused: state.paused, next_run_at: state.nextRunAt })
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', of.id)
    // Temporal's view of an earlier revision is outdated.
    .where('revision', '=', of.revision)
    .execute();
}

/** Records the run that a schedule has started, and the execution that fired it; null if a person started the run. */
export async function noteScheduledRun(
  trx: TenantTrx,
  scheduleId: string,
  made: { readonly runId: string; readonly firingId: string | null },
): Promise<void> {
  await trx
    .updateTable('backup_schedules')
    .set({ last_run_id: made.runId, last_firing_id: made.firingId })
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', scheduleId)
    .execute();
}

/** Locks a schedule until the transaction ends: its row and Temporal's copy must not change while they are compared. */
export function lockSchedule(trx: TenantTrx, scheduleId: string): Promise<ScheduleRow | undefined> {
  return trx
    .selectFrom('backup_schedules')
    .selectAll()
    .where('tenant_id', '=', trx.tenantId)
    .where('id', '=', scheduleId)
    .forUpdate()
    .executeTakeFirst();
}
