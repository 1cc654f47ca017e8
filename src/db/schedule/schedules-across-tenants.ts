import type { DispatcherTrx } from '#db/database.ts';
import type { ScheduleRow } from '#db/tables.ts';

/** Finds the tenant of a schedule; undefined if no tenant has it. */
export function findScheduleAcrossTenants(
  trx: DispatcherTrx,
  scheduleId: string,
): Promise<Pick<ScheduleRow, 'tenant_id' | 'id'> | undefined> {
  return trx
    .selectFrom('backup_schedules')
    .select(['tenant_id', 'id'])
    .where('id', '=', scheduleId)
    .executeTakeFirst();
}

/**
 * Lists the schedules of all tenants by id.
 * @param page `after` is the last id of the page before, or null.
 */
export function listSchedulesAcrossTenants(
  trx: DispatcherTrx,
  page: { readonly after: string | null; readonly limit: number },
): Promise<Pick<ScheduleRow, 'tenant_id' | 'id'>[]> {
  return trx
    .selectFrom('backup_schedules')
    .select(['tenant_id', 'id'])
    .$if(page.after !== null, (query) => query.where('id', '>', page.after))
    .orderBy('id')
    .limit(page.limit)
    .execute();
}
