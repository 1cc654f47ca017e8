import { type Kysely, sql } from 'kysely';

/** The groups of a tenant's directory at the last listing: names for people, and the check of a group mapping. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table directory_groups (
      tenant_id uuid not null references tenants,
      group_id uuid not null, -- Entra's object id
      row_id uuid not null, -- UUIDv7: the order in which they were first seen, for lists
      display_name text not null,
      security_enabled boolean not null,
      mail_enabled boolean not null,
      membership_type text not null check (membership_type in ('assigned', 'dynamic')),
      membership_rule text,
      on_premises boolean not null,
      present boolean not null,
      last_seen_at timestamptz not null,
      primary key (tenant_id, group_id)
    )`.execute(db);
  await sql`create unique index directory_groups_row on directory_groups (tenant_id, row_id)`.execute(
    db,
  );
  await sql`create index directory_groups_name on directory_groups (tenant_id, md5(display_name))`.execute(
    db,
  );
  // Every restore asks whether the directory was ever listed completely.
  await sql`
    create index runs_directory_read on runs (tenant_id)
    where operation_type = 'directory.sync' and succeeded > 0`.execute(db);
  await sql`
    alter table directory_groups enable row level security, force row level security`.execute(db);
  await sql`
    create policy of_tenant on directory_groups to tenantry_app
    using (tenant_id = app_tenant_id()) with check (tenant_id = app_tenant_id())`.execute(db);
  await sql`grant select, insert, update on directory_groups to tenantry_app`.execute(db);
}
