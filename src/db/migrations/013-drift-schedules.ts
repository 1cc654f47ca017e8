import { type Kysely, sql } from 'kysely';

/** Lets a schedule compare a backup set with the tenant instead of creating one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table backup_schedules
      alter column selection drop not null,
      add column backup_set_id uuid,
      add check ((selection is null) <> (backup_set_id is null)),
      add check (backup_set_id is null or (keep_last is null and keep_days is null)),
      add foreign key (tenant_id, backup_set_id) references backup_sets (tenant_id, id)`.execute(
    db,
  );
  await sql`
    create index backup_schedules_set on backup_schedules (tenant_id, backup_set_id)
    where backup_set_id is not null`.execute(db);
  // Retention spares the sets named by a schedule.
  await sql`grant select (backup_set_id) on backup_schedules to tenantry_retention`.execute(db);
}
