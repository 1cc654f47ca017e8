import { type Kysely, sql } from 'kysely';

/** Lets retention see the snapshots taken by restores before their writes: an undo reads them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create policy of_retention on restore_items to tenantry_retention
    using (tenant_id = app_tenant_id()) with check (tenant_id = app_tenant_id())`.execute(db);
  await sql`grant select (tenant_id, snapshot_id) on restore_items to tenantry_retention`.execute(
    db,
  );
}
