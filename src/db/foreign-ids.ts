import type { DispatcherTrx } from './database.ts';

/** The tables with ids in paths of the API. */
export type IdentifiedTable =
  'backup_schedules' | 'backup_sets' | 'policies' | 'runs' | 'snapshots';

/** Tells whether an id belongs to a tenant other than this one, without a look at the rest of the row. */
export async function belongsToAnotherTenant(
  trx: DispatcherTrx,
  tenantId: string,
  table: IdentifiedTable,
  id: string,
): Promise<boolean> {
  const row = await trx
    .selectFrom(table)
    .select('tenant_id')
    .where('id', '=', id)
    .where('tenant_id', '!=', tenantId)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
