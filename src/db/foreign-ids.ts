import type { DispatcherTrx } from './database.ts';

/** The tables whose ids occur in paths. */
export type IdentifiedTable =
  'backup_schedules' | 'backup_sets' | 'policies' | 'runs' | 'snapshots';

/**
 * Whether an id belongs to a tenant other than this one; nothing else of the row can be seen.
 */
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
